import { describe, expect, it } from 'vitest';
import type { Side } from '../../../domain/trading/prices.ts';
import { recommend, type RequestContext, tradeRequest } from '../../../domain/trading/recommendation.ts';
import type { TradeTerms } from '../../../domain/trading/trade-terms.ts';

const quote = {
  symbol: 'AMZN',
  price: 182.2,
  bid: 182.18,
  ask: 182.22,
  average: 184.79,
  at: '2026-11-02T10:00:00.000Z',
};

const terms: TradeTerms = {
  version: 2,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 1_000,
  limitPrice: '184.05',
  timeInForce: 'day',
  account: 'paper',
};

const context: RequestContext = { quote, recommendation: recommend(quote), isSideChosen: false };

describe('recommend', () => {
  it.each<[number, number, Side, string]>([
    [99, 100, 'buy', "The price is 1.00 % below the last hour's average."],
    [99.99, 100, 'buy', "The price is 0.01 % below the last hour's average."],
    [100, 100, 'sell', "The price is at the last hour's average."],
    [150, 100, 'sell', "The price is 50.00 % above the last hour's average."],
  ])('at %d with an average of %d recommends to %s, with a reason', (price, average, side, reason) => {
    expect(recommend({ price, average })).toEqual({ side, reason });
  });
});

describe('tradeRequest', () => {
  it('has a title, facts, an amount and a reason', () => {
    expect(tradeRequest({ ...terms, requester: 'U0ANA' }, { ...context, note: 'Before the split' })).toEqual({
      title: 'Buy 1,000 AMZN',
      amount: 184_050,
      amountLabel: 'Total at most',
      facts: [
        { label: 'Limit', value: 'USD 184.05 or less' },
        { label: 'Price', value: 'USD 182.20', at: '2026-11-02T10:00:00.000Z' },
        { label: 'Bid / ask', value: 'USD 182.18 / 182.22, spread 0.02 %' },
      ],
      reason: "Recommendation: buy, because the price is 1.40 % below the last hour's average.",
      note: 'Before the split',
      requester: 'U0ANA',
    });
  });

  it('leaves out a note and a requester that do not exist', () => {
    expect(Object.keys(tradeRequest(terms, context))).toEqual([
      'title',
      'amount',
      'amountLabel',
      'facts',
      'reason',
    ]);
  });

  it('words a sale as a sale, and counts the ask if it is above the limit', () => {
    const sale = { ...terms, side: 'sell', limitPrice: '180.00', timeInForce: 'ioc' } as const;
    const request = tradeRequest(sale, context);
    expect(request).toMatchObject({
      title: 'Sell 1,000 AMZN',
      amount: 182_220,
      amountLabel: 'Estimated total',
    });
    expect(request.facts).toContainEqual({
      label: 'Limit',
      value: 'USD 180.00 or more; total at least USD 180,000.00 if filled',
    });
    const above = tradeRequest({ ...sale, limitPrice: '185.00' }, context);
    expect(above).toMatchObject({ amount: 185_000, amountLabel: 'Total at least' });
    expect(above.facts).toContainEqual({ label: 'Limit', value: 'USD 185.00 or more' });
  });

  it.each<[Side, number, string]>([
    ['buy', 184.79, "Matches the recommendation: the price is 1.40 % below the last hour's average."],
    ['sell', 184.79, "Against the recommendation to buy: the price is 1.40 % below the last hour's average."],
    ['buy', 182.2, "Against the recommendation to sell: the price is at the last hour's average."],
    ['sell', 182.2, "Matches the recommendation: the price is at the last hour's average."],
  ])('compares the side with the recommendation if the requester chose to %s', (side, average, reason) => {
    const recommendation = recommend({ price: 182.2, average });
    const chosen = { ...context, recommendation, isSideChosen: true };
    expect(tradeRequest({ ...terms, side }, chosen).reason).toBe(reason);
  });
});

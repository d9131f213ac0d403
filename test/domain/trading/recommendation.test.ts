import { describe, expect, it } from 'vitest';
import { notional, recommend, type Side, tradeRequest } from '../../../domain/trading/recommendation.ts';

const quote = (price: number, average: number) => ({
  symbol: 'AMZN',
  price,
  average,
  at: '2026-11-02T10:00:00.000Z',
});

describe('recommendation', () => {
  it.each<[number, number, Side, string]>([
    [99, 100, 'buy', "1.00 % below the last hour's average."],
    [99.99, 100, 'buy', "0.01 % below the last hour's average."],
    [100, 100, 'sell', "At the last hour's average."],
    [150, 100, 'sell', "50.00 % above the last hour's average."],
  ])('at %d with an average of %d is to %s, with a reason', (price, average, side, reason) => {
    expect(recommend(quote(price, average), 10)).toMatchObject({ side, reason, quantity: 10 });
  });

  it('calculates money exactly', () => {
    expect(notional(1.1, 3)).toBe(3.3);
    expect(notional(182.2, 10)).toBe(1822);
  });

  it('becomes a request with a title, facts, an amount and a reason', () => {
    expect(tradeRequest(recommend(quote(182.2, 184.79), 1_000), { requester: 'U0ANA' })).toEqual({
      title: 'Buy 1,000 AMZN',
      amount: 182_200,
      facts: [{ label: 'Price', value: 'USD 182.20', at: '2026-11-02T10:00:00.000Z' }],
      reason: "1.40 % below the last hour's average.",
      requester: 'U0ANA',
    });
  });

  it('words a sale as a sale', () => {
    const request = tradeRequest(recommend(quote(200, 100), 1), {});
    expect(request.title).toBe('Sell 1 AMZN');
    expect(Object.keys(request)).toEqual(['title', 'amount', 'facts', 'reason']);
    const noted = tradeRequest(recommend(quote(200, 100), 1), { note: 'Before the split' });
    expect(noted).toHaveProperty('note', 'Before the split');
  });
});

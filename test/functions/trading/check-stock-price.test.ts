import { describe, expect, it } from 'vitest';
import { quote } from '../../../domain/trading/market.ts';
import { checkStockPrice } from '../../../functions/trading/check-stock-price.ts';
import { generateRecommendation } from '../../../functions/trading/generate-recommendation.ts';
import { recommendedTrade } from '../../../functions/trading/trade-input.ts';
import { parse } from '../../../functions/parse.ts';

const now = () => new Date('2026-11-02T10:00:30.000Z');
const market = { quote: async (symbol: string, at: Date) => quote(symbol, at) };
const check = checkStockPrice({ symbols: ['AMZN', 'NVDA'], market, now });
const recommend = generateRecommendation({ defaultQuantity: 10, priceBandPercent: 1 });
const amzn = await market.quote('AMZN', now());

/** Dear: the rule recommends to sell. */
const priced = {
  symbol: 'AMZN',
  stock_price: 182.2,
  bid: 182.18,
  ask: 182.22,
  average_price: 181,
  priced_at: '2026-11-02T10:00:00.000Z',
};

describe('checkStockPrice', () => {
  it('needs a symbol only, and returns its input plus the quote', async () => {
    expect(await check({ symbol: 'AMZN' })).toEqual({
      symbol: 'AMZN',
      stock_price: amzn?.price,
      bid: amzn?.bid,
      ask: amzn?.ask,
      average_price: amzn?.average,
      priced_at: '2026-11-02T10:00:00.000Z',
    });
    const input = {
      symbol: 'AMZN',
      quantity: 7,
      side: 'sell',
      limitPrice: '184.50',
      timeInForce: 'ioc',
      requestedBy: 'U0ANA',
      note: 'why not',
    };
    expect(await check({ ...input, ours: { large: 'x' }, fill: {} })).toEqual({
      ...input,
      stock_price: expect.any(Number),
      bid: expect.any(Number),
      ask: expect.any(Number),
      average_price: expect.any(Number),
      priced_at: expect.any(String),
    });
  });

  it('refuses the trade if the market has no price', async () => {
    const away = checkStockPrice({ symbols: ['AMZN'], market: { quote: async () => undefined }, now });
    await expect(away({ symbol: 'AMZN' })).rejects.toMatchObject({
      name: 'TradeRefused',
      message: 'There is no quote for AMZN now. Try again in a few minutes.',
    });
  });

  const badQuantity = 'quantity must be a whole number of shares from 1 to 1,000,000.';
  const badLimit =
    'limitPrice must have exactly two decimals from USD 1, exactly four below, and no more than 100000, such as "184.50".';
  const buy = { symbol: 'AMZN', side: 'buy' };

  it.each<[unknown, string, string]>([
    [
      { symbol: 'NOPE' },
      'TradeRefused',
      'NOPE is not a symbol that can be traded here. You can trade AMZN, NVDA.',
    ],
    [
      { symbol: 'BTC/USD' },
      'TradeRefused',
      'BTC/USD is a pair, and only shares can be traded here. You can trade AMZN, NVDA.',
    ],
    [
      { symbol: 'AM\u200BZN' },
      'TradeRefused',
      '“AMZN” has an invisible character. Type it instead of pasting it.',
    ],
    [{}, 'InvalidInput', 'symbol is missing.'],
    ['AMZN', 'InvalidInput', 'The input must be Object.'],
    [{ symbol: 'AMZN', quantity: 0 }, 'InvalidInput', badQuantity],
    [{ symbol: 'AMZN', quantity: 1.5 }, 'InvalidInput', badQuantity],
    [{ symbol: 'AMZN', quantity: 10 ** 7 }, 'InvalidInput', badQuantity],
    [{ symbol: 'AMZN', quantity: '5' }, 'InvalidInput', 'quantity must be number.'],
    [{ symbol: 'AMZN', side: 'BUY' }, 'InvalidInput', 'side must be "buy" or "sell".'],
    [{ symbol: 'AMZN', timeInForce: 'gtc' }, 'InvalidInput', 'timeInForce must be "day" or "ioc".'],
    [{ ...buy, limitPrice: 184.5 }, 'InvalidInput', 'limitPrice must be a text such as "184.50".'],
    [{ ...buy, limitPrice: '184.5' }, 'InvalidInput', badLimit],
    [{ ...buy, limitPrice: '184.501' }, 'InvalidInput', badLimit],
    [{ ...buy, limitPrice: '0.5' }, 'InvalidInput', badLimit],
    [{ ...buy, limitPrice: '100000.01' }, 'InvalidInput', badLimit],
    [
      { symbol: 'AMZN', limitPrice: '184.50' },
      'InvalidInput',
      'limitPrice must come with a side, "buy" or "sell".',
    ],
    [
      { symbol: 'AMZN', requestedBy: 'U0ANA> <!channel' },
      'InvalidInput',
      "requestedBy must be a Slack user's id, such as U012AB3CD.",
    ],
    [{ symbol: 'AMZN', note: 'n'.repeat(501) }, 'InvalidInput', 'note must be at most 500 characters.'],
  ])('rejects %o with a named error and an explanation', async (input, name, message) => {
    await expect(check(input)).rejects.toMatchObject({ name, message });
  });
});

describe('generateRecommendation', () => {
  it('follows the rule, with the default limit below the bid of a sale', async () => {
    const input = { ...priced, requestedBy: 'U0ANA', note: 'why not', ours: { to: 'keep' } };
    const terms = {
      version: 2,
      side: 'sell',
      symbol: 'AMZN',
      quantity: 10,
      limitPrice: '180.35',
      timeInForce: 'day',
      account: 'paper',
      requester: 'U0ANA',
    };
    const output = await recommend(input);
    expect(output).toMatchObject({
      ...input,
      quantity: 10,
      recommended_type: 'sell',
      reason: "The price is 0.66 % above the last hour's average.",
      terms,
      request: {
        title: 'Sell 10 AMZN',
        amount: 1_822.2,
        reason: "Recommendation: sell, because the price is 0.66 % above the last hour's average.",
        requester: 'U0ANA',
        note: 'why not',
        terms,
      },
    });
    expect(parse(recommendedTrade, output)).toEqual(output);
  });

  it('has the default limit above the ask of a buy', async () => {
    const { terms, request } = await recommend({ ...priced, average_price: 183, quantity: 7 });
    expect(terms).toEqual({
      version: 2,
      side: 'buy',
      symbol: 'AMZN',
      quantity: 7,
      limitPrice: '184.05',
      timeInForce: 'day',
      account: 'paper',
    });
    expect(request.amount).toBe(1_288.35);
  });

  it('trades what the requester chose, and says that it is against the recommendation', async () => {
    const chosen = { side: 'buy', limitPrice: '182.00', timeInForce: 'ioc' };
    expect(await recommend({ ...priced, ...chosen })).toMatchObject({
      recommended_type: 'sell',
      reason: "The price is 0.66 % above the last hour's average.",
      terms: { ...chosen, quantity: 10 },
      request: {
        title: 'Buy 10 AMZN',
        reason: "Against the recommendation to sell: the price is 0.66 % above the last hour's average.",
      },
    });
  });

  it('returns the same for the same input', async () => {
    expect(await recommend(priced)).toEqual(await recommend(priced));
  });

  it('takes the price for bid and ask if an earlier version of this app checked it', async () => {
    const { bid: _, ask: __, ...earlier } = priced;
    expect((await recommend(earlier)).terms.limitPrice).toBe('180.37');
  });
});

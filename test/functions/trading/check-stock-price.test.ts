import { describe, expect, it } from 'vitest';
import { checkStockPrice } from '../../../functions/trading/check-stock-price.ts';
import { generateRecommendation } from '../../../functions/trading/generate-recommendation.ts';

const now = () => new Date('2026-11-02T10:00:30.000Z');
const check = checkStockPrice({ symbols: ['AMZN', 'NVDA'], now });
const recommend = generateRecommendation({ defaultQuantity: 10 });

describe('checkStockPrice and generateRecommendation', () => {
  it('return their input plus their own fields', async () => {
    const input = { symbol: 'AMZN', requestedBy: 'U0ANA', note: 'why not', ours: { to: 'keep' } };
    const priced = await check(input);
    expect(priced).toMatchObject({ ...input, priced_at: '2026-11-02T10:00:00.000Z' });
    const recommended = await recommend(priced);
    expect(recommended).toMatchObject({
      ...priced,
      quantity: 10,
      recommended_type: priced.stock_price < priced.average_price ? 'buy' : 'sell',
      request: { requester: 'U0ANA', note: 'why not', amount: expect.closeTo(priced.stock_price * 10, 2) },
    });
  });

  it.each([
    [
      { symbol: 'NOPE' },
      'UnknownSymbol',
      'NOPE is not a symbol that can be traded here. These are: AMZN, NVDA.',
    ],
    [{}, 'InvalidInput', 'symbol is missing.'],
    ['AMZN', 'InvalidInput', 'The input must be Object.'],
    [
      { symbol: 'AMZN', quantity: 0 },
      'InvalidInput',
      'quantity must be a whole number of shares from 1 to 1,000,000.',
    ],
    [
      { symbol: 'AMZN', quantity: 1.5 },
      'InvalidInput',
      'quantity must be a whole number of shares from 1 to 1,000,000.',
    ],
    [{ symbol: 'AMZN', quantity: '5' }, 'InvalidInput', 'quantity must be number.'],
    [
      { symbol: 'AMZN', requestedBy: 'U0ANA> <!channel' },
      'InvalidInput',
      "requestedBy must be a Slack user's id, such as U012AB3CD.",
    ],
    [{ symbol: 'AMZN', note: 'n'.repeat(501) }, 'InvalidInput', 'note must be at most 500 characters.'],
  ])('reject %o with a named error and an explanation', async (input, name, message) => {
    await expect(check(input)).rejects.toMatchObject({ name, message });
  });
});

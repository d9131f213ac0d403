import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledger } from '../../../aws/trading/ledger.ts';
import type { Order } from '../../../domain/trading/paper-account.ts';
import { startDynamoDB, type TestDynamoDB } from '../../support/dynamodb.ts';

let dynamodb: TestDynamoDB;
const now = new Date('2026-11-02T10:05:00.000Z');
const order = (id: string, differences: Partial<Order> = {}): Order => ({
  id,
  version: 2,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 1,
  limitPrice: '100.00',
  timeInForce: 'day',
  account: 'paper',
  ...differences,
});
const quote = { symbol: 'AMZN', price: 99.5, bid: 99, ask: 100, average: 99, at: now.toISOString() };

beforeAll(async () => {
  dynamodb = await startDynamoDB('Ledger', 'account');
});

afterAll(() => dynamodb.close());

describe('ledger', () => {
  it('fills an order once if several workers place it at the same time', async () => {
    const account = ledger(dynamodb.client, 'Ledger');
    const placed = await Promise.all([1, 2, 3].map(() => account.place(order('same'), quote, now)));
    expect(new Set(placed.map((each) => JSON.stringify('fill' in each && each.fill))).size).toBe(1);
    const next = await account.place(order('next'), quote, now);
    expect(next).toMatchObject({ account: { cash: 100_000_000 - 20_000, positions: { AMZN: 1_002 } } });
    if (!('account' in next)) throw new Error('The second order was not filled.');
    expect(await account.account()).toEqual(next.account);
  });

  it('fills all of several concurrent orders', async () => {
    const account = ledger(dynamodb.client, 'Ledger');
    const place = (id: string) => account.place(order(id, { symbol: 'NVDA' }), quote, now);
    await Promise.all(['a', 'b', 'c', 'd'].map(place));
    expect(await place('e')).toMatchObject({ account: { positions: { NVDA: 1_005 } } });
  });

  it.each<[string, Order, object]>([
    [
      'the account cannot pay for',
      order('dear', { quantity: 1_000_000 }),
      { rejected: expect.stringContaining('cost USD 100,000,000.00') },
    ],
    [
      'sells more than the account holds',
      order('sale', { side: 'sell', symbol: 'MSFT', quantity: 1_001, limitPrice: '99.00' }),
      { rejected: expect.stringContaining('it sells 1,001 MSFT') },
    ],
    ['the market does not reach', order('low', { limitPrice: '99.99' }), { notMarketable: true }],
  ])('changes nothing for an order that %s', async (_, refused, answer) => {
    const account = ledger(dynamodb.client, 'Ledger');
    const before = await account.account();
    expect(await account.place(refused, quote, now)).toEqual(answer);
    expect(await account.account()).toEqual(before);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledger } from '../../../aws/trading/ledger.ts';
import type { Order } from '../../../domain/trading/paper-account.ts';
import { startDynamoDB, type TestDynamoDB } from '../../support/dynamodb.ts';

let dynamodb: TestDynamoDB;
const now = new Date('2026-11-02T10:05:00.000Z');
const order = (id: string, differences: Partial<Order> = {}): Order => ({
  id,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 1,
  price: 100,
  ...differences,
});

beforeAll(async () => {
  dynamodb = await startDynamoDB('Ledger', 'account');
});

afterAll(() => dynamodb.close());

describe('ledger', () => {
  it('fills an order once if several workers place it at the same time', async () => {
    const account = ledger(dynamodb.client, 'Ledger');
    const placed = await Promise.all([1, 2, 3].map(() => account.place(order('same'), now)));
    expect(new Set(placed.map((each) => JSON.stringify('fill' in each && each.fill))).size).toBe(1);
    const next = await account.place(order('next'), now);
    expect(next).toMatchObject({ account: { cash: 100_000_000 - 20_000, positions: { AMZN: 1_002 } } });
  });

  it('fills all of several concurrent orders', async () => {
    const account = ledger(dynamodb.client, 'Ledger');
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => account.place(order(id, { symbol: 'NVDA' }), now)));
    const last = await account.place(order('e', { symbol: 'NVDA' }), now);
    expect(last).toMatchObject({ account: { positions: { NVDA: 1_005 } } });
  });

  it('rejects an order that the account cannot pay for and changes nothing', async () => {
    const account = ledger(dynamodb.client, 'Ledger');
    expect(await account.place(order('dear', { price: 2_000_000 }), now)).toEqual({
      rejected: expect.stringContaining('cost USD 2,000,000.00'),
    });
    expect(
      await account.place(order('sale', { side: 'sell', symbol: 'MSFT', quantity: 1_001 }), now),
    ).toHaveProperty('rejected');
  });
});

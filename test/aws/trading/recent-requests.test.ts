import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type RecentRequests, recentRequests } from '../../../aws/trading/recent-requests.ts';
import type { TradeTerms } from '../../../domain/trading/trade-terms.ts';
import { startDynamoDB, type TestDynamoDB } from '../../support/dynamodb.ts';

const terms: TradeTerms = {
  version: 2,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '184.50',
  timeInForce: 'day',
  account: 'paper',
  requester: 'U0ANA',
};
const at = (minute: number) => new Date(Date.UTC(2026, 10, 2, 10, minute));
const timeOf = (minute: number) => at(minute).toISOString();
let dynamodb: TestDynamoDB | undefined;
let recent: RecentRequests;

beforeEach(async () => {
  dynamodb?.close();
  dynamodb = await startDynamoDB('Ledger', 'account');
  recent = recentRequests(dynamodb.client, 'Ledger');
});

afterAll(() => dynamodb?.close());

describe('recentRequests', () => {
  it('returns when another execution last requested the same trade', async () => {
    expect(await recent.record(terms, 'arn:1', at(0))).toBeUndefined();
    expect(await recent.record(terms, 'arn:2', at(5))).toBe(timeOf(0));
    expect(await recent.record({ ...terms, limitPrice: '180.00', timeInForce: 'ioc' }, 'arn:3', at(7))).toBe(
      timeOf(5),
    );
  });

  it('returns the same for a retry of the execution', async () => {
    await recent.record(terms, 'arn:1', at(0));
    expect(await recent.record(terms, 'arn:1', at(1))).toBeUndefined();
    await recent.record(terms, 'arn:2', at(2));
    expect(await recent.record(terms, 'arn:2', at(3))).toBe(timeOf(0));
    expect(await recent.record(terms, 'arn:3', at(4))).toBe(timeOf(2));
  });

  it.each([{ requester: 'U0BEN' }, { side: 'sell' }, { symbol: 'NVDA' }, { quantity: 11 }] as const)(
    'does not confuse it with a trade of %o',
    async (difference) => {
      await recent.record(terms, 'arn:1', at(0));
      expect(await recent.record({ ...terms, ...difference }, 'arn:2', at(1))).toBeUndefined();
    },
  );

  it('stores one item for each trade, which expires after a day', async () => {
    await recent.record(terms, 'arn:1', at(0));
    await recent.record(terms, 'arn:2', at(1));
    const { Items = [] } = (await dynamodb?.client.send(new ScanCommand({ TableName: 'Ledger' }))) ?? {};
    expect(Items.map((item) => unmarshall(item))).toEqual([
      expect.objectContaining({ lastExecution: 'arn:2', expiresAt: at(1).getTime() / 1_000 + 86_400 }),
    ]);
  });
});

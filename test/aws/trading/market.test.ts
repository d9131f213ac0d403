import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulatedMarket } from '../../../aws/trading/market.ts';
import { quote } from '../../../domain/trading/market.ts';
import { startDynamoDB, type TestDynamoDB } from '../../support/dynamodb.ts';

const now = new Date('2026-11-02T10:05:00.000Z');
let dynamodb: TestDynamoDB;

beforeAll(async () => {
  dynamodb = await startDynamoDB('Ledger', 'account');
});

afterAll(() => dynamodb.close());

it('the simulated market returns quotes, and what happens to a symbol from a time on', async () => {
  const market = simulatedMarket(dynamodb.client, 'Ledger');
  const usual = quote('AMZN', now);
  expect(await market.quote('AMZN', now)).toEqual(usual);
  const tell = (event: object) => {
    const Item = marshall({ account: 'market AMZN', since: now.toISOString(), ...event });
    return dynamodb.client.send(new PutItemCommand({ TableName: 'Ledger', Item }));
  };
  await tell({ factor: 0.5 });
  expect((await market.quote('AMZN', now))?.price).toBeCloseTo((usual?.price ?? 0) / 2, 1);
  await tell({ hasNoQuote: true });
  expect(await market.quote('AMZN', now)).toBeUndefined();
  expect(await market.quote('AMZN', new Date(now.getTime() - 1))).toBeDefined();
  expect(await market.quote('NVDA', now)).toEqual(quote('NVDA', now));
});

it('keeps the events that it was told before, also one that is written as attributes of the item', async () => {
  const market = simulatedMarket(dynamodb.client, 'Ledger');
  const [half, double] = [
    { since: now.toISOString(), factor: 0.5 },
    { since: new Date(now.getTime() + 60_000).toISOString(), factor: 2, shares: 3 },
  ];
  const times = [now, new Date(now.getTime() + 60_000)];
  const store = async (item: object) => {
    const Item = marshall({ account: 'market TSLA', ...item });
    await dynamodb.client.send(new PutItemCommand({ TableName: 'Ledger', Item }));
  };
  for (const item of [{ events: [half, double] }, { ...half, events: [double] }]) {
    await store(item);
    for (const time of times)
      expect(await market.quote('TSLA', time)).toEqual(quote('TSLA', time, [half, double]));
  }
});

import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrderRejected } from '../../../aws/trading/broker.ts';
import { BrokerBusy, paperBroker } from '../../../aws/trading/paper-broker.ts';
import { startDynamoDB } from '../../support/dynamodb.ts';
import { brokerContract } from './broker-contract.ts';
import {
  type Kill,
  Killed,
  newOrder,
  type PaperTable,
  START,
  startPaperTable,
  type Worker,
} from '../../support/paper-table.ts';

brokerContract('the paper broker', async () => {
  const database = await startDynamoDB('Ledger', 'account');
  const { client } = database;
  let time = Date.parse('2026-11-02T10:05:20.000Z');
  const now = () => new Date(time);
  return {
    broker: paperBroker(client, 'Ledger', now),
    now,
    advance: (seconds) => {
      time += seconds * 1_000;
    },
    async tell(symbol, event) {
      const update = new UpdateItemCommand({
        TableName: 'Ledger',
        Key: marshall({ account: `market ${symbol}` }),
        UpdateExpression: 'SET events = list_append(if_not_exists(events, :none), :event)',
        ExpressionAttributeValues: marshall({
          ':none': [],
          ':event': [{ since: now().toISOString(), ...event }],
        }),
      });
      await client.send(update);
    },
    close: () => database.close(),
  };
});

let table: PaperTable;

beforeEach(() => {
  table = startPaperTable();
});

describe('paperBroker', () => {
  it('reads the account with one call while no order works', async () => {
    const { broker, calls } = table.worker();
    for (const read of [
      () => broker.account(),
      () => broker.positions(),
      () => broker.openOrders(),
      () => broker.position('AMZN'),
    ]) {
      calls.length = 0;
      await read();
      expect(calls).toEqual(['GetItemCommand']);
    }
  });

  it('lists symbols that were never traded if it is told of them', async () => {
    const { client } = table.worker();
    const broker = paperBroker(client, 'Ledger', () => new Date(START), ['NVDA', 'AMZN']);
    expect(await broker.positions()).toEqual([
      { symbol: 'AMZN', quantity: 1_000, available: 1_000 },
      { symbol: 'NVDA', quantity: 1_000, available: 1_000 },
    ]);
  });

  it('keeps an order for 180 days after it ended', async () => {
    const { broker } = table.worker();
    await broker.place(newOrder('a', { limitPrice: '1.00' }));
    expect(table.item('paper-order a')).not.toHaveProperty('expiresAt');
    await broker.cancel('a');
    expect(table.item('paper-order a')).toMatchObject({ expiresAt: START / 1_000 + 180 * 86_400 });
  });

  it('gives up if the account changes all the time', async () => {
    await table.worker().broker.place(newOrder('a'));
    const { broker } = table.worker({
      before: async (sent) => {
        if (sent === 'UpdateItemCommand') await table.touchAccount();
      },
    });
    await expect(broker.place(newOrder('b'))).rejects.toThrow(BrokerBusy);
    expect(await table.worker().broker.find('b')).toMatchObject({ status: 'filled' });
  });

  it('cancels at the time of the first request, if its worker was killed', async () => {
    await table.tell([{ since: new Date(0).toISOString(), shares: 4 }]);
    await table.worker().broker.place(newOrder('a'));
    const killed = table.worker({ kill: { at: 0, when: 'after' } }).broker.cancel('a');
    await expect(killed).rejects.toThrow(Killed);
    table.advance(60_000);
    const { broker } = table.worker();
    await broker.cancel('a');
    expect(await broker.find('a')).toMatchObject({ filled: 4, status: 'cancelled' });
  });

  it('does not take back a fill if its order was cancelled on a clock that is behind', async () => {
    await table.tell([{ since: new Date(0).toISOString(), shares: 4 }]);
    const { broker } = table.worker();
    await broker.place(newOrder('a'));
    table.advance(60_000);
    expect(await broker.find('a')).toMatchObject({ filled: 8, status: 'working' });
    const behind = table.worker({ skew: -50_000 }).broker;
    expect(await behind.find('a')).toMatchObject({ filled: 8, status: 'working' });
    await behind.cancel('a');
    expect(await broker.find('a')).toMatchObject({ filled: 8, status: 'cancelled' });
  });
});

type Step = (broker: Worker['broker']) => Promise<unknown>;

interface Story {
  readonly before?: Step;
  readonly killed: Step;
  /** The attribute of the order that shows that the killed worker had an effect. */
  readonly writes: 'placedAt' | 'cancelledAt';
  /** Minutes between the kill and the next look. */
  readonly minutes?: number;
  /** Shares that trade in each minute. */
  readonly shares?: number;
  /** What the next look finds if there was an effect, and if there was none. */
  readonly status: string | undefined;
  readonly otherwise?: string;
}

const placeA: Step = (broker) => broker.place(newOrder('a'));
const restA: Step = (broker) => broker.place(newOrder('a', { limitPrice: '1.00' }));
const rejectedA: Step = (broker) => broker.place(newOrder('a', { quantity: 1_000_000 }));
const cancelA: Step = (broker) => broker.cancel('a');
const placed = { writes: 'placedAt' } as const;
const cancelled = { killed: cancelA, writes: 'cancelledAt', minutes: 5, status: 'cancelled' } as const;
const stories: readonly (readonly [string, Story])[] = [
  ['places an order that is filled at once', { ...placed, killed: placeA, status: 'filled' }],
  [
    'places an order that is filled later',
    { ...placed, killed: placeA, shares: 4, minutes: 3, status: 'filled' },
  ],
  ['places an order that rests', { ...placed, killed: restA, status: 'working' }],
  [
    'places an order that expires before the next look',
    { ...placed, killed: restA, minutes: 1_440, status: 'expired' },
  ],
  ['places an order that is rejected', { ...placed, killed: rejectedA, status: undefined }],
  ['cancels an order that rests', { ...cancelled, before: restA, otherwise: 'working' }],
  [
    'cancels an order that is filled in part',
    { ...cancelled, before: placeA, shares: 4, otherwise: 'filled' },
  ],
  [
    'looks at an order that was filled',
    {
      ...placed,
      before: async (broker) => {
        await placeA(broker);
        table.advance(5 * 60_000);
      },
      shares: 4,
      killed: (broker) => broker.account(),
      status: 'filled',
    },
  ],
];

describe.each(stories)('a worker that %s', (_, story) => {
  it.each(['before', 'after'] as const)('may be killed right %s any call', async (when) => {
    let kills = 0;
    for (; await isKilled(story, { at: kills, when }); kills++) {
      table.checkAddsUp();
      table.advance((story.minutes ?? 0) * 60_000);
      await checkHealed(story);
      table.checkAddsUp();
    }
    expect(kills).toBeGreaterThan(3);
  });
});

/** Plays the story on a new table. Returns false if it made fewer calls. */
async function isKilled({ shares, before, killed }: Story, kill: Kill): Promise<boolean> {
  table = startPaperTable();
  if (shares) await table.tell([{ since: new Date(0).toISOString(), shares }]);
  await before?.(table.worker().broker);
  const error = await killed(table.worker({ kill }).broker).catch((thrown: unknown) => thrown);
  return error instanceof Killed;
}

async function checkHealed({ writes, status, otherwise, killed }: Story): Promise<void> {
  const { broker } = table.worker();
  const hadEffect = table.item('paper-order a')?.[writes] !== undefined;
  const found = await broker.find('a');
  expect(found?.status).toBe(hadEffect ? status : otherwise);
  expect(Object.keys(table.item('paper')?.['working'] ?? {})).toEqual(
    found?.status === 'working' ? ['a'] : [],
  );
  // Step Functions retries the state that was killed.
  const again = await killed(broker).catch((error: unknown) => error);
  expect(again instanceof OrderRejected).toBe(killed === rejectedA);
  const foundAgain = await broker.find('a');
  expect(hadEffect ? foundAgain : found).toEqual(found);
}

describe('several workers', () => {
  it('book the fills of one order once', async () => {
    await table.tell([{ since: new Date(0).toISOString(), shares: 4 }]);
    const workers = [1, 2, 3].map(() => table.worker().broker);
    await workers[0]?.place(newOrder('a'));
    for (let minute = 0; minute < 3; minute++) {
      table.advance(60_000);
      await Promise.all(workers.map((broker) => broker.find('a')));
      table.checkAddsUp();
    }
    expect(await workers[0]?.position('AMZN')).toMatchObject({ quantity: 1_010 });
    expect(table.item('paper')).toMatchObject({ working: {} });
  });
});

afterEach(() => table.checkAddsUp());

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Reservations, reservations } from '../../../aws/trading/reservations.ts';
import { reservationsItem } from '../../../aws/trading/reservations-item.ts';
import type { Result } from '../../../domain/approval.ts';
import { ALL_RUNS } from '../../../domain/trading/reservation-state.ts';
import { NO_RESERVATIONS, type Reservation } from '../../../domain/trading/reservation-state.ts';
import { MAX_OPEN_ORDERS, type OrderToReserve, SEND_MS } from '../../../domain/trading/reservations.ts';
import { startDynamoDB, type TestDynamoDB } from '../../support/dynamodb.ts';

let dynamodb: TestDynamoDB;
/** Each test has an account of its own. */
let account: string;
let tests = 0;

const now = new Date('2026-11-02T10:00:00.000Z');
const ended = new Date(now.getTime() + SEND_MS);
const plenty = { cash: 1_000_000, shares: 1_000_000, known: [] };
const unfilled: Result = { outcome: 'unfilled', text: 'The market closed.' };

function buy(id: string, differences: Partial<OrderToReserve> = {}): OrderToReserve {
  return {
    id: `${account} ${id}`,
    executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:trading:one',
    approvalId: 'approval',
    side: 'buy',
    symbol: 'AMZN',
    quantity: 10,
    limitPrice: '100.00',
    ...differences,
  };
}

/** A worker of the first run of an execution. */
function worker(send?: Send) {
  const all = reservations(send ? clientThat(send) : dynamodb.client, 'Ledger', account);
  const reserve = (order: OrderToReserve, run: Partial<Parameters<Reservations['reserve']>[1]> = {}) =>
    all.reserve(order, { redriveCount: 0, now, available: async () => plenty, ...run });
  return { ...all, reserve };
}

type Call = () => Promise<unknown>;
/** Decides what happens to the `count`th call, from 1 on. `call` makes it. */
type Send = (call: Call, command: string, count: number) => Promise<unknown>;

function clientThat(send: Send): DynamoDBClient {
  let count = 0;
  return new Proxy(dynamodb.client, {
    get(client, member) {
      if (member !== 'send') return Reflect.get(client, member);
      return (command: Parameters<DynamoDBClient['send']>[0]) =>
        send(() => client.send(command), command.constructor.name, ++count);
    },
  });
}

class Killed extends Error {}

/** Kills the worker before or after its call of this number. */
const kill =
  (at: number, moment: 'before' | 'after'): Send =>
  async (call, _, count) => {
    if (count === at && moment === 'before') throw new Killed();
    const answer = await call();
    if (count === at) throw new Killed();
    return answer;
  };

/** Runs what another worker does right before the call of this number. */
const interleave =
  (at: number, other: () => Promise<unknown>): Send =>
  async (call, _, count) => {
    if (count === at) await other();
    return call();
  };

beforeAll(async () => {
  dynamodb = await startDynamoDB('Ledger', 'account');
});

beforeEach(() => {
  account = `account-${++tests}`;
});

afterAll(() => dynamodb.close());

describe('reserve', () => {
  it('counts an order once that several workers reserve at the same time', async () => {
    const order = buy('same');
    const answers = await Promise.all([1, 2, 3, 4].map(() => worker().reserve(order)));
    for (const each of answers) expect(each).toMatchObject({ sendBy: ended.toISOString() });
    expect(await worker().totals(now)).toEqual({ orderedCents: 100_000, orders: 1 });
    expect(await worker().get(order.id)).toMatchObject({ approvalId: 'approval', redriveCount: 0 });
  });

  it('grants the last cash to one of several concurrent orders', async () => {
    const available = async () => ({ ...plenty, cash: 1_999 });
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => worker().reserve(buy(id), { available })),
    );
    expect(answers.filter((each) => !('refused' in each))).toHaveLength(1);
    expect(answers.filter((each) => 'refused' in each && each.refused === 'insufficient')).toHaveLength(3);
    expect(await worker().totals(now)).toEqual({ orderedCents: 100_000, orders: 1 });
  });

  it('keeps the accounts apart', async () => {
    await worker().reserve(buy('one'));
    const other = reservations(dynamodb.client, 'Ledger', `${account} other`);
    expect(await other.totals(now)).toEqual({ orderedCents: 0, orders: 0 });
  });

  it('asks the broker again if another order was settled since, because its cash is spent', async () => {
    // The order `first` is filled and settled after the broker has answered for `second`, and before the write.
    const first = buy('first');
    let cash = 1_000;
    await worker().reserve(first);
    const fill = async () => {
      cash = 0;
      await worker().settle(first.id, { unfilledCents: 0, now });
    };
    let asked = 0;
    const available = async () => ({ ...plenty, cash: ++asked && cash, known: [first.id] });
    const second = worker(interleave(3, fill)).reserve(buy('second'), { available });
    // `known` is without effect once the order is settled.
    expect(await second).toMatchObject({ refused: 'insufficient', cash: 0 });
    expect(asked).toBe(2);
  });

  it('does not ask the broker again if another order was only reserved since', async () => {
    let asked = 0;
    const available = async () => ({ ...plenty, cash: ++asked && 1_000 });
    const other = () => worker().reserve(buy('other'));
    const answer = await worker(interleave(3, other)).reserve(buy('one'), { available });
    expect(answer).toMatchObject({ refused: 'insufficient', cash: 0 });
    expect(asked).toBe(1);
  });

  it('gives up after eight tries with an error that a retry can solve', async () => {
    const busy: Send = async (call, command) => {
      // Another worker writes between each read and write.
      if (command === 'PutItemCommand') await worker().reserve(buy(`other ${busyCount++}`));
      return call();
    };
    let busyCount = 0;
    await expect(worker(busy).reserve(buy('one'))).rejects.toMatchObject({ name: 'ReservationsBusy' });
    expect(busyCount).toBe(8);
    expect(await worker().get(buy('one').id)).toBeUndefined();
  });

  it.each([1, 2, 3].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]))(
    'counts once if the worker is killed at call %d, %s it, and a retry reserves',
    async (at, moment) => {
      await expect(worker(kill(at, moment)).reserve(buy('one'))).rejects.toThrow(Killed);
      expect(await worker().reserve(buy('one'), { now: ended })).toHaveProperty('reservedAt');
      expect(await worker().totals(now)).toEqual({ orderedCents: 100_000, orders: 1 });
    },
  );
});

describe('block', () => {
  // The calls of `reserve`: it reads the reservations, reads the outcome, writes.
  it.each([1, 2, 3])('is seen by a worker that reserves, if it comes before call %d', async (at) => {
    const order = buy('one');
    const block = () => worker().block(order.id, { redriveCount: 0, now });
    expect(await worker(interleave(at, block)).reserve(order)).toEqual({ refused: 'blocked' });
    expect(await worker().totals(now)).toEqual({ orderedCents: 0, orders: 0 });
  });

  it.each([1, 2])('returns until when a worker may send that reserved before call %d', async (at) => {
    const order = buy('one');
    const reserve = () => worker().reserve(order);
    const blocked = await worker(interleave(at, reserve)).block(order.id, { redriveCount: 0, now });
    expect(blocked).toEqual({ sendBy: ended.toISOString() });
    expect(await worker().reserve(order)).toEqual({ refused: 'blocked' });
  });

  it('leaves a later run the order', async () => {
    const order = buy('one');
    await worker().reserve(order);
    await worker().block(order.id, { redriveCount: 0, now });
    const later = { redriveCount: 1, now: ended };
    expect(await worker().reserve(order, later)).toMatchObject({ redriveCount: 1 });
    expect(await worker().close(order.id, unfilled, { redriveCount: 0, now: ended })).toEqual({
      refused: 'taken_over',
      redriveCount: 1,
    });
    expect(await worker().outcome(order.id)).toBeUndefined();
  });
});

describe('close', () => {
  const run = { redriveCount: 0, now: ended };

  async function giveUp(id: string, send?: Send) {
    const closer = worker(send);
    await closer.block(id, run);
    const closed = await closer.close(id, unfilled, run);
    await closer.settle(id, { unfilledCents: 100_000, now: ended });
    return closed;
  }

  it('stores the result for ever, and returns the first', async () => {
    const order = buy('one');
    await worker().reserve(order);
    expect(await giveUp(order.id)).toEqual({ result: unfilled });
    const later = { redriveCount: 5, now: new Date(now.getTime() + 24 * 60 * 60_000) };
    expect(await worker().close(order.id, { outcome: 'failed' }, later)).toEqual({ result: unfilled });
    expect(await worker().reserve(order, later)).toEqual({ refused: 'closed', result: unfilled });
    expect(await worker().outcome(order.id)).toEqual(unfilled);
    expect(await worker().get(order.id)).toBeUndefined();
  });

  it('stores one of two results that are stored at the same time', async () => {
    const order = buy('one');
    await worker().block(order.id, run);
    const failed: Result = { outcome: 'failed' };
    // The calls of `close`: it reads the outcome, reads the reservations, writes them, stores the outcome.
    const other = () => worker().close(order.id, failed, run);
    expect(await worker(interleave(4, other)).close(order.id, unfilled, run)).toEqual({ result: failed });
    expect(await worker().outcome(order.id)).toEqual(failed);
  });

  it('refuses an order that a worker may still send, or that is not blocked', async () => {
    const order = buy('one');
    await worker().reserve(order);
    expect(await worker().close(order.id, unfilled, run)).toEqual({ refused: 'not_blocked' });
    await worker().block(order.id, { redriveCount: 0, now });
    expect(await worker().close(order.id, unfilled, { redriveCount: 0, now })).toEqual({
      refused: 'may_be_sending',
      sendBy: ended.toISOString(),
    });
    expect(await worker().outcome(order.id)).toBeUndefined();
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]))(
    'ends after a closer was killed at call %d, %s it',
    async (at, moment) => {
      const order = buy('one');
      await worker().reserve(order);
      await expect(giveUp(order.id, kill(at, moment))).rejects.toThrow(Killed);
      expect(await giveUp(order.id)).toEqual({ result: unfilled });
      expect(await worker().reserve(order, { redriveCount: 1, now: ended })).toEqual({
        refused: 'closed',
        result: unfilled,
      });
      expect(await worker().totals(now)).toEqual({ orderedCents: 0, orders: 1 });
      expect(await worker().get(order.id)).toBeUndefined();
    },
  );

  it('is ended by a later run if the closer was killed before the result was stored', async () => {
    const order = buy('one');
    await worker().block(order.id, run);
    await expect(worker(kill(4, 'before')).close(order.id, unfilled, run)).rejects.toThrow(Killed);
    expect(await worker().reserve(order, { redriveCount: 1, now: ended })).toEqual({ refused: 'blocked' });
    await worker().block(order.id, { ...run, redriveCount: 1 });
    expect(await worker().close(order.id, unfilled, { ...run, redriveCount: 1 })).toEqual({
      result: unfilled,
    });
  });
});

describe('settle', () => {
  it('gives back what was not filled once, if it is called again after a kill', async () => {
    for (const at of [1, 2]) {
      for (const moment of ['before', 'after'] as const) {
        const order = buy(`${at}-${moment}`);
        const before = await worker().totals(now);
        await worker().reserve(order);
        const settled = { unfilledCents: 40_000, now };
        await expect(worker(kill(at, moment)).settle(order.id, settled)).rejects.toThrow(Killed);
        await worker().settle(order.id, settled);
        expect((await worker().totals(now)).orderedCents).toBe(before.orderedCents + 60_000);
      }
    }
  });
});

describe('requestCancel', () => {
  it('keeps the first of several concurrent requests', async () => {
    const order = buy('one');
    await worker().reserve(order);
    const at = now.toISOString();
    const answers = await Promise.all(
      ['U0ANA', 'U0BEN'].map((by) => worker().requestCancel(order.id, { by, at })),
    );
    const stored = await worker().get(order.id);
    expect(stored?.cancelRequested?.at).toBe(at);
    expect(answers).toEqual([stored, stored]);
    expect(await worker().requestCancel(buy('other').id, { by: 'U0ANA', at })).toEqual({
      refused: 'not_reserved',
    });
  });
});

describe('overdue', () => {
  it('returns reservations whose worker did not come back', async () => {
    await worker().reserve(buy('one'));
    expect(await worker().overdue(ended)).toEqual([]);
    const later = new Date(ended.getTime() + 2 * 60_000 + 1);
    expect(await worker().overdue(later)).toMatchObject([{ id: buy('one').id }]);
  });
});

describe('reservationsItem', () => {
  it('has room for every open order, and for as many tombstones', async () => {
    const at = now.toISOString();
    const longest: Reservation = {
      executionArn: `arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:${'m'.repeat(80)}:${'e'.repeat(80)}`,
      approvalId: 'a'.repeat(64),
      side: 'sell',
      symbol: 'ABCDEFGH',
      quantity: 1_000_000,
      limitPrice: '100000.00',
      reservedAt: at,
      sendBy: at,
      redriveCount: 1_000,
      blockedThrough: ALL_RUNS,
      cancelRequested: { by: 'U0123456789', at },
    };
    const tombstone = { blockedThrough: ALL_RUNS, redriveCount: 1_000, expiresAt: at };
    const many = <Value>(value: Value, prefix: string): Record<string, Value> =>
      Object.fromEntries(
        Array.from({ length: MAX_OPEN_ORDERS }, (_, each) => [`${prefix}${each}`.padEnd(64, '0'), value]),
      );
    const state = {
      ...NO_RESERVATIONS,
      reservations: many(longest, 'r'),
      tombstones: many(tombstone, 't'),
    };
    const item = reservationsItem(dynamodb.client, 'Ledger', account);
    await item.change(() => ({ answer: undefined, state }));
    expect(await item.load()).toEqual(state);
  });
});

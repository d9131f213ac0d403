// Random interleavings of workers that place, look at and cancel orders at the paper broker, some of which are killed.
// A failing run prints the seed that repeats it.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { OrderRejected } from '../../../aws/trading/broker.ts';
import { BrokerBusy } from '../../../aws/trading/paper-broker.ts';
import type { NewOrder, Order } from '../../../domain/trading/orders.ts';
import {
  Killed,
  newOrder,
  type PaperTable,
  START,
  startPaperTable,
  type Worker,
} from '../../support/paper-table.ts';

/** Each buys or sells so much that not all of them can be accepted. */
const ORDERS: readonly NewOrder[] = [
  newOrder('buy', { quantity: 1_500, limitPrice: '400.00' }),
  newOrder('rest', { quantity: 2_500, limitPrice: '195.00' }),
  newOrder('sell', { side: 'sell', quantity: 600, limitPrice: '100.00' }),
  newOrder('sell-too', { side: 'sell', quantity: 600, limitPrice: '205.00' }),
  newOrder('ioc', { side: 'sell', quantity: 100, limitPrice: '204.00', timeInForce: 'ioc' }),
];

const action = fc.record({
  kind: fc.constantFrom('place', 'place', 'find', 'cancel', 'account', 'openOrders', 'position'),
  order: fc.constantFrom(...ORDERS),
  skew: fc.constantFrom(0, 0, 0, -45_000, 20_000),
  kill: fc.option(
    fc.record({ at: fc.nat({ max: 7 }), when: fc.constantFrom('before' as const, 'after' as const) }),
    { freq: 3, nil: undefined },
  ),
});
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

/** What happens at the same time, and the seconds until the next round. */
const round = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 4 }),
  seconds: fc.constantFrom(0, 1, 30, 60, 180),
});

const events = fc.array(
  fc.record({
    minute: fc.integer({ min: -5, max: 10 }),
    factor: fc.constantFrom(0.9, 1, 1.1),
    shares: fc.constantFrom(undefined, 0, 70, 400, 900),
  }),
  { maxLength: 4 },
);

/** What one action returned of an order, and when it started and ended. */
interface Observation {
  readonly id: string;
  readonly started: number;
  readonly ended: number;
  /** Undefined if the broker has no such order, or has rejected it. */
  readonly order: Order | undefined;
  readonly isRejected: boolean;
  readonly kind: Action['kind'];
}

it('each order is accepted, filled and ended once, and the account adds up, in any interleaving', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(round, { minLength: 1, maxLength: 6 }),
      events,
      async (turns, rounds, told) => {
        const table = startPaperTable();
        await table.tell(
          told.map(({ minute, ...event }) => ({
            since: new Date(START + minute * 60_000).toISOString(),
            ...event,
          })),
        );
        const seen: Observation[] = [];
        let clock = 0;
        const perform = async (each: Action) => {
          const started = clock++;
          const { broker } = table.worker({
            ...each,
            before: (command) => turns.schedule(Promise.resolve(), command),
          });
          const observe = (id: string, order: Order | undefined, isRejected = false) =>
            seen.push({ id, started, ended: clock++, order, isRejected, kind: each.kind });
          try {
            await observed(each, broker, observe);
          } catch (error) {
            if (error instanceof OrderRejected) observe(each.order.id, undefined, true);
            else if (!(error instanceof Killed || error instanceof BrokerBusy)) throw error;
          }
        };
        for (const { actions, seconds } of rounds) {
          await turns.waitFor(Promise.all(actions.map(perform)));
          table.checkAddsUp();
          table.advance(seconds * 1_000);
        }
        await checkEnd(table, seen);
        for (const one of seen) for (const other of seen) checkSequence(one, other);
      },
    ),
    { numRuns: Number(process.env['BROKER_RUNS'] ?? 100) },
  );
}, 120_000);

async function observed(
  { kind, order }: Action,
  broker: Worker['broker'],
  observe: (id: string, order: Order | undefined) => void,
): Promise<void> {
  switch (kind) {
    case 'place':
      return observe(order.id, await broker.place(order));
    case 'find':
      return observe(order.id, await broker.find(order.id));
    case 'cancel': {
      await broker.cancel(order.id);
      return;
    }
    case 'openOrders':
      for (const open of await broker.openOrders()) observe(open.id, open);
      return;
    case 'account': {
      const { cash, availableCash } = await broker.account();
      assert.ok(availableCash >= 0 && cash >= availableCash);
      return;
    }
    case 'position': {
      const { quantity, available } = await broker.position(order.symbol);
      assert.ok(available >= 0 && quantity >= available);
    }
  }
}

/** The next day, somebody looks at each order. */
async function checkEnd(table: PaperTable, seen: Observation[]): Promise<void> {
  table.advance(86_400_000);
  const { broker } = table.worker();
  for (const { id } of ORDERS) {
    const order = await broker.find(id);
    expect(order?.status).not.toBe('working');
    expect(await broker.find(id)).toEqual(order);
    const isRejected = table.item(`paper-order ${id}`)?.['outcome']?.rejected !== undefined;
    seen.push({
      id,
      started: Number.MAX_SAFE_INTEGER - 1,
      ended: Number.MAX_SAFE_INTEGER,
      order,
      isRejected,
      kind: 'find',
    });
  }
  expect(table.item('paper')?.['working'] ?? {}).toEqual({});
  expect(await broker.openOrders()).toEqual([]);
  table.checkAddsUp();
}

/** What ended before another action started cannot be taken back. */
function checkSequence(one: Observation, other: Observation): void {
  if (one.id !== other.id || one.ended >= other.started) return;
  assert.ok(!one.isRejected || other.order === undefined);
  if (!one.order) return;
  expect(other.isRejected).toBe(false);
  expect(other.order?.filled).toBeGreaterThanOrEqual(one.order.filled);
  expect(other.order?.placedAt).toBe(one.order.placedAt);
  assert.ok(one.order.status === 'working' || isDeepStrictEqual(other.order, one.order));
}

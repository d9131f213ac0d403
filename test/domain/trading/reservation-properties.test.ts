// Random sequences of what workers, closers and people do with the reservations of one account, with clocks that go
// forwards. After each step, the rules that keep an account from selling or spending the same twice must hold.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { block, seal } from '../../../domain/trading/blocked-orders.ts';
import {
  type AccountReservations,
  NO_RESERVATIONS,
  TOMBSTONE_MS,
} from '../../../domain/trading/reservation-state.ts';
import { reserve, settle } from '../../../domain/trading/reservations.ts';

const id = fc.constantFrom('a', 'b', 'c');
const redriveCount = fc.integer({ min: 0, max: 3 });
const action = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), id, redriveCount }),
  fc.record({ kind: fc.constant('block' as const), id, redriveCount }),
  fc.record({ kind: fc.constant('seal' as const), id, redriveCount }),
  fc.record({ kind: fc.constant('settle' as const), id, unfilled: fc.integer({ min: 0, max: 300_000 }) }),
);
const step = fc.record({ action, pause: fc.constantFrom(0, 1_000, 31_000, 8 * 60 * 60_000) });
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const orders = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  quantities: fc.record({
    a: fc.integer({ min: 1, max: 10 }),
    b: fc.integer({ min: 1, max: 10 }),
    c: fc.integer({ min: 1, max: 10 }),
  }),
  // From too little for the largest order to enough for two.
  shares: fc.integer({ min: 5, max: 20 }),
});
type Orders = typeof orders extends fc.Arbitrary<infer Value> ? Value : never;

const PRICE = 100;

function apply(
  state: AccountReservations,
  { action: each }: Step,
  now: Date,
  { side, quantities, shares }: Orders,
) {
  switch (each.kind) {
    case 'reserve': {
      const order = {
        id: each.id,
        executionArn: 'arn',
        approvalId: 'approval',
        side,
        symbol: 'AMZN',
        quantity: quantities[each.id],
        limitPrice: `${PRICE}.00`,
      };
      const available = { shares, cash: shares * PRICE, known: [] };
      return reserve(state, order, { redriveCount: each.redriveCount, now, available });
    }
    case 'block':
      return block(state, each.id, { redriveCount: each.redriveCount, now });
    case 'seal':
      return seal(state, each.id, { redriveCount: each.redriveCount, now });
    case 'settle':
      return { state: settle(state, each.id, { unfilledCents: each.unfilled, now }) };
  }
}

/** Runs the steps, and calls `check` after each. Returns the last state. */
function run(
  steps: readonly Step[],
  all: Orders,
  check: (
    after: AccountReservations,
    before: AccountReservations,
    step: Step,
    answer: object,
    now: Date,
  ) => void,
): { state: AccountReservations; now: Date } {
  let state = NO_RESERVATIONS;
  let now = new Date('2026-11-02T10:00:00.000Z');
  for (const each of steps) {
    now = new Date(now.getTime() + each.pause);
    const answer = apply(state, each, now, all);
    const after = 'refused' in answer ? state : answer.state;
    check(after, state, each, answer, now);
    state = after;
  }
  return { state, now };
}

const steps = fc.array(step, { maxLength: 25 });

it('never has negative totals, or reserves more than the account has', () => {
  fc.assert(
    fc.property(steps, orders, (each, all) => {
      run(each, all, (state) => {
        expect(state.orderedCents).toBeGreaterThanOrEqual(0);
        const reserved = Object.values(state.reservations).reduce((sum, { quantity }) => sum + quantity, 0);
        expect(reserved).toBeLessThanOrEqual(all.shares);
      });
    }),
  );
});

it('counts an order once, however often it is renewed', () => {
  fc.assert(
    fc.property(steps, orders, (each, all) => {
      run(each, all, (after, before, { action: { kind, id: order } }, answer) => {
        // A new day resets the totals.
        if (kind !== 'reserve' || after.day !== before.day || 'refused' in answer) return;
        const isRenewal = before.reservations[order] !== undefined;
        const added = [after.orderedCents - before.orderedCents, after.orders - before.orders];
        expect(added).toEqual(isRenewal ? [0, 0] : [all.quantities[order] * PRICE * 100, 1]);
      });
    }),
  );
});

it('never lets a run send that was blocked in the last hour', () => {
  fc.assert(
    fc.property(steps, orders, (each, all) => {
      const blocks: { id: string; through: number; at: number }[] = [];
      run(each, all, (_, __, { action: done }, answer, now) => {
        const against = blocks.filter(
          ({ id: of, through, at }) =>
            of === done.id &&
            'redriveCount' in done &&
            through >= done.redriveCount &&
            now.getTime() - at < TOMBSTONE_MS,
        );
        const isGranted = done.kind === 'reserve' && !('refused' in answer);
        expect(isGranted ? against : []).toEqual([]);
        if ('refused' in answer) return;
        if (done.kind === 'block')
          blocks.push({ id: done.id, through: done.redriveCount, at: now.getTime() });
        if (done.kind === 'seal') blocks.push({ id: done.id, through: Infinity, at: now.getTime() });
      });
    }),
  );
});

it('is sealed only when nobody may be sending, and no later run has reserved', () => {
  fc.assert(
    fc.property(steps, orders, (each, all) => {
      run(each, all, (_, before, { action: done }, answer, now) => {
        if (done.kind !== 'seal' || 'refused' in answer) return;
        const reservation = before.reservations[done.id];
        if (!reservation) return;
        expect(Date.parse(reservation.sendBy)).toBeLessThanOrEqual(now.getTime());
        expect(reservation.redriveCount).toBeLessThanOrEqual(done.redriveCount);
      });
    }),
  );
});

it('has no entry left of orders that were settled, an hour later', () => {
  fc.assert(
    fc.property(steps, orders, (each, all) => {
      let { state, now } = run(each, all, () => undefined);
      for (const order of ['a', 'b', 'c']) state = settle(state, order, { unfilledCents: 0, now });
      now = new Date(now.getTime() + TOMBSTONE_MS);
      const { state: later } = block(state, 'another', { redriveCount: 0, now });
      expect(later).toMatchObject({ reservations: {} });
      expect(Object.keys(later.tombstones)).toEqual(['another']);
    }),
  );
});

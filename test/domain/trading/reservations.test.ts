import { describe, expect, it } from 'vitest';
import { block, seal } from '../../../domain/trading/blocked-orders.ts';
import {
  type AccountReservations,
  NO_RESERVATIONS,
  TOMBSTONE_MS,
} from '../../../domain/trading/reservation-state.ts';
import {
  MAX_OPEN_ORDERS,
  type OrderToReserve,
  OVERDUE_MS,
  overdue,
  requestCancel,
  reserve,
  SEND_MS,
  settle,
  totals,
} from '../../../domain/trading/reservations.ts';

const now = new Date('2026-11-02T10:00:00.000Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const plenty = { cash: 1_000_000, shares: 1_000_000, known: [] };
const buy = (id: string, differences: Partial<OrderToReserve> = {}): OrderToReserve => ({
  id,
  executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:trading:one',
  approvalId: `approval-of-${id}`,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '100.00',
  ...differences,
});
const sell = (id: string, differences: Partial<OrderToReserve> = {}) =>
  buy(id, { side: 'sell', ...differences });

type Options = Partial<Parameters<typeof reserve>[2]>;
const tryToReserve = (state: AccountReservations, order: OrderToReserve, options: Options = {}) =>
  reserve(state, order, { redriveCount: 0, now, available: plenty, ...options });

function reserved(state: AccountReservations, order: OrderToReserve, options?: Options) {
  const answer = tryToReserve(state, order, options);
  if ('refused' in answer) throw new Error(JSON.stringify(answer));
  return answer.state;
}

const blocked = (state: AccountReservations, id: string, redriveCount = 0, at = now) =>
  block(state, id, { redriveCount, now: at }).state;

describe('reserve', () => {
  it('adds the order to the totals of the day, and lets it be sent for 20 seconds', () => {
    const state = reserved(NO_RESERVATIONS, buy('one'));
    const { id: _, ...members } = buy('one');
    expect(state).toEqual({
      ...NO_RESERVATIONS,
      day: '2026-11-02',
      orderedCents: 100_000,
      orders: 1,
      reservations: {
        one: {
          ...members,
          reservedAt: now.toISOString(),
          sendBy: after(SEND_MS).toISOString(),
          redriveCount: 0,
        },
      },
    });
  });

  it('renews: more time, the same totals', () => {
    const first = reserved(NO_RESERVATIONS, buy('one'));
    const renewed = reserved(first, buy('one'), { now: after(SEND_MS) });
    expect(renewed).toMatchObject({ orderedCents: 100_000, orders: 1 });
    expect(renewed.reservations['one']).toEqual({
      ...first.reservations['one'],
      sendBy: after(2 * SEND_MS).toISOString(),
    });
  });

  it('refuses another worker until the first may not send any more', () => {
    const first = reserved(NO_RESERVATIONS, buy('one'));
    const busy = { refused: 'busy', sendBy: after(SEND_MS).toISOString() };
    for (const at of [after(-10_000), now, after(SEND_MS - 1)])
      expect(tryToReserve(first, buy('one'), { now: at })).toEqual(busy);
    expect(tryToReserve(first, buy('one'), { redriveCount: 1 })).toEqual(busy);
  });

  it('refuses a run that is blocked, and grants a later one, after which the earlier stays blocked', () => {
    const state = blocked(reserved(NO_RESERVATIONS, buy('one')), 'one');
    expect(tryToReserve(state, buy('one'))).toEqual({ refused: 'blocked' });
    const later = reserved(state, buy('one'), { redriveCount: 1, now: after(SEND_MS) });
    expect(later.reservations['one']).toMatchObject({ redriveCount: 1, blockedThrough: 0 });
    expect(tryToReserve(later, buy('one'))).toEqual({ refused: 'blocked' });
  });

  it('refuses a run that was blocked before it reserved', () => {
    const state = blocked(NO_RESERVATIONS, 'one', 1);
    expect(tryToReserve(state, buy('one'), { redriveCount: 1 })).toEqual({ refused: 'blocked' });
    const later = reserved(state, buy('one'), { redriveCount: 2 });
    expect(later).toMatchObject({ orders: 1, tombstones: {} });
    expect(tryToReserve(later, buy('one'), { redriveCount: 1 })).toEqual({ refused: 'blocked' });
  });

  it('subtracts other buys from the cash', () => {
    const state = reserved(NO_RESERVATIONS, buy('one'));
    const available = { ...plenty, cash: 1_999.99 };
    expect(tryToReserve(state, buy('two'), { available })).toEqual({
      refused: 'insufficient',
      cash: 999.99,
      shares: 1_000_000,
      text: 'Other open orders leave USD 999.99 of cash.',
    });
    reserved(state, buy('two'), { available: { ...plenty, cash: 2_000 } });
    reserved(state, sell('two'), { available: { ...plenty, cash: 0 } });
  });

  it('subtracts other sells of the symbol from the shares', () => {
    const state = reserved(reserved(NO_RESERVATIONS, sell('one')), sell('other', { symbol: 'MSFT' }));
    expect(tryToReserve(state, sell('two'), { available: { ...plenty, shares: 19 } })).toEqual({
      refused: 'insufficient',
      cash: 1_000_000,
      shares: 9,
      text: 'Other open orders leave 9 AMZN to sell.',
    });
    reserved(state, sell('two'), { available: { ...plenty, shares: 20 } });
    reserved(state, buy('two'), { available: { ...plenty, shares: 0 } });
  });

  it('does not subtract orders twice that the broker has subtracted', () => {
    const state = reserved(NO_RESERVATIONS, buy('one'));
    const available = { ...plenty, cash: 1_000, known: ['one'] };
    expect(tryToReserve(state, buy('two'), { available })).toHaveProperty('reservation');
  });

  it('renews an order for which the broker has nothing left, because the broker has the order', () => {
    const state = reserved(NO_RESERVATIONS, buy('one'));
    const available = { cash: 0, shares: 0, known: ['one'] };
    const later = { now: after(SEND_MS) };
    reserved(state, buy('one'), { ...later, available });
    expect(
      tryToReserve(state, buy('one'), { ...later, available: { ...available, known: [] } }),
    ).toMatchObject({
      refused: 'insufficient',
      cash: 0,
    });
  });

  it('refuses one order too many, and renews those that are open', () => {
    let state = NO_RESERVATIONS;
    for (let each = 0; each < MAX_OPEN_ORDERS; each++)
      state = reserved(state, buy(`${each}`, { quantity: 1 }));
    expect(tryToReserve(state, buy('more'))).toEqual({
      refused: 'too_many_open_orders',
      text: expect.stringContaining('500 open orders'),
    });
    reserved(state, buy('0'), { now: after(SEND_MS) });
    reserved(settle(state, '0', { unfilledCents: 0, now }), buy('more'));
  });

  it('begins new totals with a new UTC day, and keeps the reservations', () => {
    const tomorrow = new Date('2026-11-03T00:00:00.000Z');
    const state = reserved(NO_RESERVATIONS, buy('one'));
    const next = reserved(state, buy('two', { quantity: 1 }), { now: tomorrow });
    expect(next).toMatchObject({ day: '2026-11-03', orderedCents: 10_000, orders: 1 });
    expect(Object.keys(next.reservations)).toEqual(['one', 'two']);
    expect(totals(state, tomorrow)).toEqual({ orderedCents: 0, orders: 0 });
    expect(totals(state, now)).toEqual({ orderedCents: 100_000, orders: 1 });
  });

  it('keeps the day if the clock of a worker is late', () => {
    const state = reserved(NO_RESERVATIONS, buy('one'), { now: new Date('2026-11-03T00:00:00.000Z') });
    const late = reserved(state, buy('two'), { now: new Date('2026-11-02T23:59:59.999Z') });
    expect(late).toMatchObject({ day: '2026-11-03', orders: 2 });
  });
});

describe('block', () => {
  it('returns until when a worker may be sending', () => {
    const state = reserved(NO_RESERVATIONS, buy('one'));
    const sendBy = after(SEND_MS).toISOString();
    expect(block(state, 'one', { redriveCount: 0, now: after(SEND_MS - 1) })).toMatchObject({ sendBy });
    expect(block(state, 'one', { redriveCount: 0, now: after(SEND_MS) })).not.toHaveProperty('sendBy');
    // The same answer if it is blocked already.
    const again = blocked(state, 'one');
    expect(block(again, 'one', { redriveCount: 0, now })).toEqual({ state: again, sendBy });
  });

  it('does not wait for the caller itself, which knows that it sends nothing any more', () => {
    const state = reserved(NO_RESERVATIONS, buy('one'));
    const own = { redriveCount: 0, now, lease: after(SEND_MS).toISOString() };
    const { state: stopped, ...answer } = block(state, 'one', own);
    expect(answer).toEqual({});
    expect(seal(stopped, 'one', own)).toHaveProperty('state');
    const earlier = { ...own, lease: after(SEND_MS - 1).toISOString() };
    expect(block(state, 'one', earlier)).toHaveProperty('sendBy');
    expect(seal(stopped, 'one', earlier)).toMatchObject({ refused: 'may_be_sending' });
  });

  it('keeps the highest redrive count', () => {
    const reservation = blocked(blocked(reserved(NO_RESERVATIONS, buy('one')), 'one', 2), 'one', 1);
    expect(reservation.reservations['one']).toMatchObject({ blockedThrough: 2 });
    const tombstone = blocked(blocked(NO_RESERVATIONS, 'one', 2), 'one', 1);
    expect(tombstone.tombstones['one']).toMatchObject({ blockedThrough: 2 });
  });
});

describe('seal', () => {
  const ended = { redriveCount: 0, now: after(SEND_MS) };

  it('blocks all runs', () => {
    const sealed = seal(blocked(reserved(NO_RESERVATIONS, buy('one')), 'one'), 'one', ended);
    if ('refused' in sealed) throw new Error(sealed.refused);
    expect(tryToReserve(sealed.state, buy('one'), { redriveCount: 7 })).toEqual({ refused: 'blocked' });
    // A later run ends what the run that sealed it did not.
    expect(seal(sealed.state, 'one', { ...ended, redriveCount: 7 })).toEqual({ state: sealed.state });
  });

  it('refuses an order that is not blocked', () => {
    expect(seal(NO_RESERVATIONS, 'one', ended)).toEqual({ refused: 'not_blocked' });
    expect(seal(reserved(NO_RESERVATIONS, buy('one')), 'one', ended)).toEqual({ refused: 'not_blocked' });
    const expired = { redriveCount: 0, now: after(TOMBSTONE_MS) };
    expect(seal(blocked(NO_RESERVATIONS, 'one'), 'one', expired)).toEqual({ refused: 'not_blocked' });
  });

  it('refuses while a worker may be sending the order', () => {
    const state = blocked(reserved(NO_RESERVATIONS, buy('one')), 'one');
    expect(seal(state, 'one', { redriveCount: 0, now })).toEqual({
      refused: 'may_be_sending',
      sendBy: after(SEND_MS).toISOString(),
    });
  });

  it('refuses if a later run has reserved since, even if that run has settled', () => {
    const state = blocked(reserved(NO_RESERVATIONS, buy('one')), 'one');
    const later = reserved(state, buy('one'), { redriveCount: 1, now: after(SEND_MS) });
    expect(seal(later, 'one', ended)).toEqual({ refused: 'taken_over', redriveCount: 1 });
    const settled = blocked(settle(later, 'one', { unfilledCents: 0, now }), 'one');
    expect(seal(settled, 'one', ended)).toEqual({ refused: 'taken_over', redriveCount: 1 });
  });
});

describe('settle', () => {
  it('gives back what was not filled, at most what was reserved, once', () => {
    const state = reserved(reserved(NO_RESERVATIONS, buy('one')), buy('two'));
    const settled = settle(state, 'one', { unfilledCents: 40_000, now });
    expect(settled).toMatchObject({ orderedCents: 160_000, orders: 2, settlements: 1 });
    expect(Object.keys(settled.reservations)).toEqual(['two']);
    expect(settle(settled, 'one', { unfilledCents: 40_000, now })).toBe(settled);
    expect(settle(state, 'one', { unfilledCents: 1_000_000, now })).toMatchObject({ orderedCents: 100_000 });
    expect(settle(state, 'one', { unfilledCents: -1, now })).toMatchObject({ orderedCents: 200_000 });
  });

  it('gives back nothing on another day', () => {
    const tomorrow = new Date('2026-11-03T00:00:00.000Z');
    const state = reserved(reserved(NO_RESERVATIONS, buy('one')), buy('two'), { now: tomorrow });
    expect(settle(state, 'one', { unfilledCents: 100_000, now: tomorrow })).toMatchObject({
      orderedCents: 100_000,
    });
  });

  it('keeps blocked runs blocked for an hour', () => {
    const state = settle(blocked(reserved(NO_RESERVATIONS, buy('one')), 'one', 3), 'one', {
      unfilledCents: 100_000,
      now,
    });
    expect(state).toMatchObject({ orderedCents: 0, reservations: {} });
    const late = { redriveCount: 3, now: after(TOMBSTONE_MS - 1) };
    expect(tryToReserve(state, buy('one'), late)).toEqual({ refused: 'blocked' });
    const other = reserved(state, buy('two'), { now: after(TOMBSTONE_MS) });
    expect(other.tombstones).toEqual({});
  });
});

describe('requestCancel', () => {
  const ana = { by: 'U0ANA', at: now.toISOString() };

  it('keeps the first request, also when the reservation is renewed', () => {
    const first = requestCancel(reserved(NO_RESERVATIONS, buy('one')), 'one', ana);
    if ('refused' in first) throw new Error(first.refused);
    expect(first.reservation.cancelRequested).toEqual(ana);
    const second = requestCancel(first.state, 'one', { by: 'U0BEN', at: after(1).toISOString() });
    expect(second).toEqual(first);
    const renewed = reserved(first.state, buy('one'), { now: after(SEND_MS) });
    expect(renewed.reservations['one']?.cancelRequested).toEqual(ana);
  });

  it('refuses an order without a reservation', () => {
    expect(requestCancel(NO_RESERVATIONS, 'one', ana)).toEqual({ refused: 'not_reserved' });
    expect(requestCancel(blocked(NO_RESERVATIONS, 'one'), 'one', ana)).toEqual({ refused: 'not_reserved' });
  });
});

describe('overdue', () => {
  it('returns reservations two minutes after they may be sent, the oldest first', () => {
    let state = reserved(NO_RESERVATIONS, buy('later'), { now: after(2) });
    state = reserved(state, buy('first'));
    state = reserved(state, buy('in time'), { now: after(3) });
    state = blocked(state, 'tombstone');
    const found = overdue(state, after(SEND_MS + OVERDUE_MS + 3));
    expect(found.map(({ id }) => id)).toEqual(['first', 'later']);
    expect(found[0]?.reservation).toBe(state.reservations['first']);
  });
});

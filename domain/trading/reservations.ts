// The reservations of one broker account: which orders may be sent to the broker now, and which cash and shares they need.
// `aws/trading/reservations.ts` stores them in one item and calls these functions between its read and its write.
import { toCents, usd } from '../usd.ts';
import type { NewOrder } from './orders.ts';
import { notional, shares } from './prices.ts';
import {
  ALL_RUNS,
  type AccountReservations,
  atTime,
  blockedThroughOf,
  type CancelRequest,
  dayOf,
  type Reservation,
  withReservation,
  without,
  withTombstone,
} from './reservation-state.ts';

export type OrderToReserve = Pick<NewOrder, 'id' | 'side' | 'symbol' | 'quantity' | 'limitPrice'> &
  Pick<Reservation, 'executionArn' | 'approvalId'>;

/**
 * Cash and shares that are left, as the broker says. They must be read after the reservations, and `known` before
 * `cash` and `shares`: an order that was filled and settled in between would otherwise be missing in all of them. The
 * value may be used again while `settlements` is unchanged.
 */
export interface Available {
  /** USD that can be spent: {@link AccountSummary.availableCash}. */
  readonly cash: number;
  /** Shares of the order's symbol that can be sold: {@link Position.available}. */
  readonly shares: number;
  /** Ids of the orders that `cash` and `shares` are already without: the broker's open orders. */
  readonly known: readonly string[];
}

export type ReserveRefusal =
  /** This run of the execution may not send the order any more. */
  | { readonly refused: 'blocked' }
  /** Another worker may send the order until then. One worker sends at a time, so that each knows what it has sent. */
  | { readonly refused: 'busy'; readonly sendBy: string }
  /** The other orders leave only this much. `text` says it to people. */
  | {
      readonly refused: 'insufficient';
      readonly cash: number;
      readonly shares: number;
      readonly text: string;
    }
  | { readonly refused: 'too_many_open_orders'; readonly text: string };

/** How long a worker may send an order after it reserved, in milliseconds. */
export const SEND_MS = 20_000;

/** {@link overdue} returns a reservation this long after its `sendBy`. */
export const OVERDUE_MS = 2 * 60_000;

/**
 * An item has at most 400 KB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 * A reservation takes about 400 bytes, and 600 if all names are as long as AWS allows. So 500 reservations take 200 to
 * 300 KB, and leave room for 500 tombstones of about 160 bytes, which expire after an hour.
 */
export const MAX_OPEN_ORDERS = 500;

/**
 * Reserves the cash or the shares for an order, or gives the worker more time to send an order that is reserved. Only the
 * first counts for the totals of the day.
 */
export function reserve(
  state: AccountReservations,
  order: OrderToReserve,
  { redriveCount, now, available }: { redriveCount: number; now: Date; available: Available },
): { readonly state: AccountReservations; readonly reservation: Reservation } | ReserveRefusal {
  const current = atTime(state, now);
  const { id } = order;
  const earlier = current.reservations[id];
  const blockedThrough = blockedThroughOf(current, id);
  if (blockedThrough >= redriveCount) return { refused: 'blocked' };
  if (earlier && earlier.sendBy > now.toISOString()) return { refused: 'busy', sendBy: earlier.sendBy };
  if (!earlier && Object.keys(current.reservations).length >= MAX_OPEN_ORDERS) {
    return {
      refused: 'too_many_open_orders',
      text: `The account has ${MAX_OPEN_ORDERS} open orders, and can have no more. Try again after some of them are filled or cancelled.`,
    };
  }
  const left = leftFor(current, order, available);
  if (left && (order.side === 'buy' ? left.cash < centsOf(order) : left.shares < order.quantity)) {
    const cash = Math.max(0, left.cash) / 100;
    const remaining = Math.max(0, left.shares);
    const text =
      order.side === 'buy'
        ? `Other open orders leave ${usd(cash)} of cash.`
        : `Other open orders leave ${shares(remaining)} ${order.symbol} to sell.`;
    return { refused: 'insufficient', cash, shares: remaining, text };
  }
  const sendBy = new Date(now.getTime() + SEND_MS).toISOString();
  if (earlier) {
    const highest = Math.max(earlier.redriveCount, redriveCount);
    const renewed = { ...earlier, sendBy, redriveCount: highest };
    return { state: withReservation(current, id, renewed), reservation: renewed };
  }
  const { executionArn, approvalId, side, symbol, quantity, limitPrice } = order;
  const reservation: Reservation = {
    executionArn,
    approvalId,
    side,
    symbol,
    quantity,
    limitPrice,
    reservedAt: now.toISOString(),
    sendBy,
    redriveCount,
    ...(blockedThrough >= 0 && { blockedThrough }),
  };
  const counted = {
    ...current,
    orderedCents: current.orderedCents + centsOf(order),
    orders: current.orders + 1,
  };
  return { state: withReservation(counted, id, reservation), reservation };
}

/** Known once the broker can fill no more of an order. */
export interface Settled {
  /** US cents: limit × the shares that were not filled. */
  readonly unfilledCents: number;
  readonly now: Date;
  /** The reservation of a later run is not touched. By default, that of any run is removed. */
  readonly redriveCount?: number;
}

/**
 * Removes the reservation, and takes the part that was not filled off the day's total. Runs that were blocked stay blocked
 * for an hour. Idempotent.
 */
export function settle(
  state: AccountReservations,
  id: string,
  { unfilledCents, now, redriveCount: of = ALL_RUNS }: Settled,
): AccountReservations {
  const current = atTime(state, now);
  const reservation = current.reservations[id];
  if (!reservation || reservation.redriveCount > of) return state;
  const { blockedThrough, redriveCount, reservedAt } = reservation;
  const settled: AccountReservations = {
    ...current,
    orderedCents:
      dayOf(reservedAt) === current.day
        ? Math.max(0, current.orderedCents - Math.min(Math.max(0, unfilledCents), centsOf(reservation)))
        : current.orderedCents,
    reservations: without(current.reservations, id),
    settlements: current.settlements + 1,
  };
  return blockedThrough === undefined
    ? settled
    : withTombstone(settled, id, { blockedThrough, redriveCount }, now);
}

/** Notes that a person wants the order cancelled. The first request is kept. */
export function requestCancel(
  state: AccountReservations,
  id: string,
  request: CancelRequest,
):
  | { readonly state: AccountReservations; readonly reservation: Reservation }
  | { readonly refused: 'not_reserved' } {
  const reservation = state.reservations[id];
  if (!reservation) return { refused: 'not_reserved' };
  if (reservation.cancelRequested) return { state, reservation };
  const requested = { ...reservation, cancelRequested: request };
  return {
    state: withReservation(atTime(state, new Date(request.at)), id, requested),
    reservation: requested,
  };
}

/** Reservations that no worker has renewed or settled for two minutes, the oldest `sendBy` first. */
export function overdue(
  { reservations }: AccountReservations,
  now: Date,
): readonly { readonly id: string; readonly reservation: Reservation }[] {
  const before = new Date(now.getTime() - OVERDUE_MS).toISOString();
  return Object.entries(reservations)
    .filter(([, { sendBy }]) => sendBy < before)
    .toSorted(([, one], [, other]) => (one.sendBy < other.sendBy ? -1 : 1))
    .map(([id, reservation]) => ({ id, reservation }));
}

/** The totals of the day of `now`. */
export function totals(
  state: AccountReservations,
  now: Date,
): Pick<AccountReservations, 'orderedCents' | 'orders'> {
  const { orderedCents, orders } = atTime(state, now);
  return { orderedCents, orders };
}

/** Undefined if the broker knows the order, so that `available` is already without it. Cash is in US cents. */
function leftFor(
  { reservations }: AccountReservations,
  { id, side, symbol }: OrderToReserve,
  available: Available,
): { cash: number; shares: number } | undefined {
  if (available.known.includes(id)) return undefined;
  const left = { cash: toCents(available.cash), shares: available.shares };
  for (const [other, reservation] of Object.entries(reservations)) {
    if (other === id || reservation.side !== side || available.known.includes(other)) continue;
    if (side === 'buy') left.cash -= centsOf(reservation);
    else if (reservation.symbol === symbol) left.shares -= reservation.quantity;
  }
  return left;
}

function centsOf({ limitPrice, quantity }: Pick<Reservation, 'limitPrice' | 'quantity'>): number {
  return toCents(notional(Number(limitPrice), quantity));
}

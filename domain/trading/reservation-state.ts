// The stored form of the reservations of one broker account, and the changes that every write has in common. The functions
// of `reservations.ts` and `blocked-orders.ts` use it.
import type { NewOrder } from './orders.ts';

/** An order that may have been sent to the broker, from before it is sent until its end is known. */
export interface Reservation extends Pick<NewOrder, 'side' | 'symbol' | 'quantity' | 'limitPrice'> {
  readonly executionArn: string;
  readonly approvalId: string;
  /** ISO 8601. */
  readonly reservedAt: string;
  /** Until when a worker may send the order to the broker, ISO 8601. At this time or later, no worker may. */
  readonly sendBy: string;
  /** The highest redrive count of the runs of the execution that have reserved. The first run has 0. */
  readonly redriveCount: number;
  /** Runs with this redrive count or a lower one may not send the order any more. Never removed, and never lowered. */
  readonly blockedThrough?: number;
  readonly cancelRequested?: CancelRequest;
}

export interface CancelRequest {
  /** Slack user id. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Blocks runs of an execution whose order has no reservation: it was not reserved, or it was settled. */
export interface Tombstone {
  readonly blockedThrough: number;
  /** Of the reservation that was settled. Absent if no run had reserved. */
  readonly redriveCount?: number;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** A redrive count that no run reaches. */
export const ALL_RUNS = Number.MAX_SAFE_INTEGER;

export interface AccountReservations {
  /** The UTC day of the totals, `YYYY-MM-DD`. Empty before the first write. */
  readonly day: string;
  /** Highest cost or proceeds of the orders reserved on this day, in US cents: limit × quantity, less the unfilled part. */
  readonly orderedCents: number;
  /** The number of orders reserved on this day. */
  readonly orders: number;
  /** By order id. */
  readonly reservations: Readonly<Record<string, Reservation>>;
  /** By order id. No order has both a reservation and a tombstone. */
  readonly tombstones: Readonly<Record<string, Tombstone>>;
  /** How many reservations were settled, ever. See {@link Available}. */
  readonly settlements: number;
}

export const NO_RESERVATIONS: AccountReservations = {
  day: '',
  orderedCents: 0,
  orders: 0,
  reservations: {},
  tombstones: {},
  settlements: 0,
};

/**
 * How long runs stay blocked after the order was settled. A worker is one invocation of a Lambda function, which ends after
 * at most 15 minutes: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 */
export const TOMBSTONE_MS = 60 * 60_000;

/** The reservations at this time: with the totals of its UTC day, and without the tombstones that have expired. */
export function atTime(state: AccountReservations, now: Date): AccountReservations {
  const time = now.toISOString();
  const day = dayOf(time);
  const kept = Object.entries(state.tombstones).filter(([, { expiresAt }]) => expiresAt > time);
  const current = { ...state, tombstones: Object.fromEntries(kept) };
  // A worker whose clock is late must not bring back the day before.
  return day > state.day ? { ...current, day, orderedCents: 0, orders: 0 } : current;
}

/** The UTC day of an ISO 8601 time. */
export function dayOf(time: string): string {
  return time.slice(0, 'YYYY-MM-DD'.length);
}

/** The highest redrive count that may not send the order. -1 if every run may. */
export function blockedThroughOf({ reservations, tombstones }: AccountReservations, id: string): number {
  return (reservations[id] ?? tombstones[id])?.blockedThrough ?? -1;
}

/** Replaces the tombstone of the order, if it has one. */
export function withReservation(
  state: AccountReservations,
  id: string,
  reservation: Reservation,
): AccountReservations {
  return {
    ...state,
    reservations: { ...state.reservations, [id]: reservation },
    tombstones: without(state.tombstones, id),
  };
}

/** Replaces the reservation of the order, if it has one. */
export function withTombstone(
  state: AccountReservations,
  id: string,
  tombstone: Omit<Tombstone, 'expiresAt'>,
  now: Date,
): AccountReservations {
  const expiresAt = new Date(now.getTime() + TOMBSTONE_MS).toISOString();
  return {
    ...state,
    reservations: without(state.reservations, id),
    tombstones: { ...state.tombstones, [id]: { ...tombstone, expiresAt } },
  };
}

export function without<Value>(
  values: Readonly<Record<string, Value>>,
  id: string,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).filter(([each]) => each !== id));
}

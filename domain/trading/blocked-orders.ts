// Takes the right to send an order to the broker from the runs of its execution: from some, so that the order's end can be
// found out, or from all, before the order is given up. `aws/trading/reservations.ts` calls it.
import {
  ALL_RUNS,
  type AccountReservations,
  atTime,
  blockedThroughOf,
  withReservation,
  withTombstone,
} from './reservation-state.ts';

interface BlockedRun {
  readonly redriveCount: number;
  readonly now: Date;
  /** The `sendBy` of the caller's own reservation, if the caller knows that it sends nothing any more. */
  readonly lease?: string | undefined;
}

/**
 * After this, no run with this redrive count or a lower one may reserve the order. Returns `sendBy` while a worker that
 * reserved earlier may still send it: look at the broker after that time, not before.
 */
export function block(
  state: AccountReservations,
  id: string,
  { redriveCount, now, lease }: BlockedRun,
): { readonly state: AccountReservations; readonly sendBy?: string } {
  const current = atTime(state, now);
  const blockedThrough = Math.max(redriveCount, blockedThroughOf(current, id));
  const reservation = current.reservations[id];
  if (!reservation) {
    return { state: withTombstone(current, id, { ...current.tombstones[id], blockedThrough }, now) };
  }
  const { sendBy } = reservation;
  const mayBeSending = sendBy > now.toISOString() && sendBy !== lease && { sendBy };
  if (reservation.blockedThrough === blockedThrough) return { state, ...mayBeSending };
  return {
    state: withReservation(current, id, { ...reservation, blockedThrough }),
    ...mayBeSending,
  };
}

export type SealRefusal =
  /** A later run of the execution has reserved the order since. It must end the order itself. */
  | { readonly refused: 'taken_over'; readonly redriveCount: number }
  /** A worker may still send the order until `sendBy`. */
  | { readonly refused: 'may_be_sending'; readonly sendBy: string }
  /** The caller must call {@link block}, wait, and look at the broker first. */
  | { readonly refused: 'not_blocked' };

/**
 * Blocks all runs, whatever their redrive count, so that the order can be given up. For a worker that blocked the order for
 * the run `redriveCount`, waited until `sendBy`, and then found no order at the broker. Refuses if that may be untrue now.
 */
export function seal(
  state: AccountReservations,
  id: string,
  { redriveCount, now, lease }: BlockedRun,
): { readonly state: AccountReservations } | SealRefusal {
  const current = atTime(state, now);
  const entry = current.reservations[id] ?? current.tombstones[id];
  if (entry?.redriveCount !== undefined && entry.redriveCount > redriveCount) {
    return { refused: 'taken_over', redriveCount: entry.redriveCount };
  }
  if (blockedThroughOf(current, id) < redriveCount) return { refused: 'not_blocked' };
  const { state: sealed, sendBy } = block(current, id, { redriveCount: ALL_RUNS, now, lease });
  return sendBy === undefined ? { state: sealed } : { refused: 'may_be_sending', sendBy };
}

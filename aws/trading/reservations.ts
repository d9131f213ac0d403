// Stores the reservations of one broker account in one item of the ledger's table. The states that send, check and cancel
// orders, and the sweep of overdue orders, call it.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Result } from '../../domain/approval.ts';
import { block, seal, type SealRefusal } from '../../domain/trading/blocked-orders.ts';
import type {
  AccountReservations,
  CancelRequest,
  Reservation,
} from '../../domain/trading/reservation-state.ts';
import {
  type Available,
  type OrderToReserve,
  overdue,
  requestCancel,
  reserve,
  type ReserveRefusal,
  type Settled,
  settle,
  totals,
} from '../../domain/trading/reservations.ts';
import { orderOutcomes } from './order-outcomes.ts';
import { reservationsItem } from './reservations-item.ts';

/** The time of the caller, and the run of the execution for which it works: `$$.Execution.RedriveCount`. */
export interface Run {
  readonly redriveCount: number;
  readonly now: Date;
  /** The `sendBy` of the caller's own reservation, if the caller knows that it sends nothing any more. */
  readonly lease?: string | undefined;
}

export type NotReserved = ReserveRefusal | { readonly refused: 'closed'; readonly result: Result };

export interface Reservations {
  /**
   * Reserves the amounts of an order, or renews its reservation. After this, the caller may send the order once, before
   * `sendBy`. `closed`: the order was given up with this result.
   * @param available reads from the broker. Called between the read and the write, see {@link Available}
   */
  reserve(
    order: OrderToReserve,
    run: Run & { readonly available: () => Promise<Available> },
  ): Promise<Reservation | NotReserved>;
  /**
   * After this, the run and earlier ones do not reserve the order. If it returns `sendBy`, a worker may send the order until
   * then.
   */
  block(id: string, run: Run): Promise<{ readonly sendBy?: string }>;
  /**
   * Gives up an order that the broker does not have, for ever. Call it after {@link block}, after `sendBy`, and after a
   * look at the broker, and call {@link settle} after it. Returns the stored result: an earlier one is not replaced.
   */
  close(id: string, result: Result, run: Run): Promise<{ readonly result: Result } | SealRefusal>;
  /** The result of an order that was given up. */
  outcome(id: string): Promise<Result | undefined>;
  /** Removes the reservation once the broker can fill no more of the order. Idempotent. */
  settle(id: string, settled: Settled): Promise<void>;
  /** Returns the reservation with the first such request. */
  requestCancel(
    id: string,
    request: CancelRequest,
  ): Promise<Reservation | { readonly refused: 'not_reserved' }>;
  get(id: string): Promise<Reservation | undefined>;
  /** Reservations of which the execution may be over, the oldest first. */
  overdue(now: Date): Promise<ReturnType<typeof overdue>>;
  /** The totals of the UTC day. */
  totals(now: Date): Promise<ReturnType<typeof totals>>;
}

export function reservations(client: DynamoDBClient, table: string, account: string): Reservations {
  const item = reservationsItem(client, table, account);
  const outcomes = orderOutcomes(client, table);
  return {
    async reserve(order, { redriveCount, now, available }) {
      const readOnce = oncePerSettlement(available);
      return item.change<Reservation | NotReserved>(async (state) => {
        // The reservations were read first, and the outcome is read after them; the write fails if the reservations changed
        // since. So an order that is closed is not reserved afterwards. `close` blocks all runs (write 1), then stores the
        // outcome (write 2), and the caller removes the entry last (write 3). If this worker read the reservations before
        // write 1, its own write fails. If it read them between 1 and 3, the order is blocked. If it read them after 3, it
        // finds the outcome, which was stored before. The other order of reads leaves a gap: no outcome before write 2, no
        // entry after write 3.
        const result = await outcomes.get(order.id);
        if (result) return { answer: { refused: 'closed', result } };
        const reserved = reserve(state, order, { redriveCount, now, available: await readOnce(state) });
        return 'refused' in reserved
          ? { answer: reserved }
          : { answer: reserved.reservation, state: reserved.state };
      });
    },

    block: (id, run) =>
      item.change((before) => {
        const { state, ...answer } = block(before, id, run);
        return { answer, state };
      }),

    async close(id, result, run) {
      // The outcome of an order that was settled long ago: nothing is blocked any more, and nothing has to be.
      const earlier = await outcomes.get(id);
      if (earlier) return { result: earlier };
      const refusal = await item.change<SealRefusal | undefined>((before) => {
        const sealed = seal(before, id, run);
        return 'refused' in sealed ? { answer: sealed } : { answer: undefined, state: sealed.state };
      });
      return refusal ?? { result: await outcomes.record(id, result, run.now) };
    },

    outcome: (id) => outcomes.get(id),

    settle: (id, settled) =>
      item.change((before) => ({ answer: undefined, state: settle(before, id, settled) })),

    requestCancel: (id, request) =>
      item.change<Reservation | { readonly refused: 'not_reserved' }>((before) => {
        const requested = requestCancel(before, id, request);
        return 'refused' in requested
          ? { answer: requested }
          : { answer: requested.reservation, state: requested.state };
      }),

    get: async (id) => (await item.load()).reservations[id],
    overdue: async (now) => overdue(await item.load(), now),
    totals: async (now) => totals(await item.load(), now),
  };
}

/**
 * Reads from the broker again only if an order was settled since: such an order is in no reservation any more, and not yet
 * in the earlier answer.
 */
function oncePerSettlement(
  available: () => Promise<Available>,
): (state: AccountReservations) => Promise<Available> {
  let last: { readonly settlements: number; readonly available: Available } | undefined;
  return async ({ settlements }) => {
    if (last?.settlements !== settlements) last = { settlements, available: await available() };
    return last.available;
  };
}

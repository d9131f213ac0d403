// Reads what the data of the execution says of an order that works. Check Order and Cancel Order call it.
import * as v from 'valibot';
import type { OrderWork } from '../../domain/trading/order-work.ts';
import { parse } from '../parse.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const working = v.object({
  order: v.object({
    workUntil: v.pipe(v.string(), v.isoTimestamp()),
    looks: count,
    filled: count,
    /** A person asked to cancel the order. */
    cancelRequested: v.optional(v.boolean()),
  }),
});

/** @throws InvalidInput */
export function workOf(
  trade: unknown,
): Pick<OrderWork, 'workUntil' | 'looks' | 'filled'> & { readonly cancelRequested?: boolean | undefined } {
  return parse(working, trade).order;
}

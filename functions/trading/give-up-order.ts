// Gives up an order that is not to be sent, so that no late worker sends it. Buy Stock and Sell Stock call it.
import type { Result } from '../../domain/approval.ts';
import { type ApprovedOrder, checkSameTerms } from './approved-order.ts';
import { orderStep, type OrderStepDependencies } from './order-step.ts';
import { OrderUnknown, withUnknown } from './order-unknown.ts';

/**
 * Returns the output of the state: with this result, with the result that another worker stored first, or, if another
 * worker had sent the order, with what became of it.
 * @param lease the `sendBy` under which this worker tried to send the order, and knows that it was not placed
 * @throws OrderUnknown if another worker may still send the order
 */
export async function giveUpOrder(
  approved: ApprovedOrder,
  result: Result,
  dependencies: OrderStepDependencies,
  lease?: string,
): Promise<object> {
  const { broker, reservations, now } = dependencies;
  const { trade, id, redriveCount } = approved;
  const run = () => ({ redriveCount, now: now(), lease });
  // Asked before it is blocked: this worker may still want to send it when the other has not.
  const other = (await reservations.get(id))?.sendBy;
  if (other !== undefined && other !== lease && other > now().toISOString())
    throw new OrderUnknown(`Another worker may send the order until ${other}.`);
  const { sendBy } = await reservations.block(id, run());
  if (sendBy !== undefined) throw new OrderUnknown(`Another worker may send the order until ${sendBy}.`);
  // Nobody sends it any more, but an earlier worker may have.
  const order = await withUnknown(broker).find(id);
  if (order) {
    checkSameTerms(order, approved);
    return orderStep(order, approved, undefined, dependencies);
  }
  const closed = await reservations.close(id, result, run());
  if ('refused' in closed) throw new OrderUnknown(`The order cannot be given up now: ${closed.refused}.`);
  await reservations.settle(id, { unfilledCents: Number.MAX_SAFE_INTEGER, now: now() });
  return { ...trade, result: closed.result };
}

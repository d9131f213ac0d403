// Decides what follows from the broker's view of an order: another look, or the result. The states that place, check and cancel an
// order call it, so that one function says how an order ended.
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Broker } from '../../aws/trading/broker.ts';
import type { Reservations } from '../../aws/trading/reservations.ts';
import type { Result } from '../../domain/approval.ts';
import { fillOf, isWorking, type Order } from '../../domain/trading/orders.ts';
import { nextLook, type OrderWork, workUntil } from '../../domain/trading/order-work.ts';
import { notional } from '../../domain/trading/prices.ts';
import { toCents } from '../../domain/usd.ts';
import type { ApprovedOrder } from './approved-order.ts';
import { orderProgress } from './order-progress.ts';
import {
  filled,
  partlyFilled,
  type Prices,
  type ResubmissionContext,
  unfilled,
  type WhyOver,
} from './order-results.ts';

export interface OrderStepDependencies {
  readonly approvals: Pick<Approvals, 'get'>;
  readonly broker: Broker;
  readonly reservations: Reservations;
  /** Publishes a message on the results topic. */
  readonly publish: (message: object) => Promise<void>;
  /** How far the default limit is from the price, in percent. */
  readonly priceBandPercent: number;
  readonly now: () => Date;
}

/** The order as the execution knew it before this step. Undefined when the order is placed. */
export type EarlierWork = Pick<OrderWork, 'workUntil' | 'looks' | 'filled'> | undefined;

/**
 * The output of a state: the data of the execution, with either `order` (it works) or `result` (it is over).
 * @param why the order is over, if this project cancelled it
 */
export async function orderStep(
  order: Order,
  approved: ApprovedOrder,
  earlier: EarlierWork,
  dependencies: OrderStepDependencies,
  why?: WhyOver,
): Promise<object> {
  return isWorking(order)
    ? workingOutput(order, approved, earlier, dependencies)
    : finalOutput(order, approved, dependencies, why);
}

async function workingOutput(
  order: Order,
  { trade, executionArn, workSeconds }: ApprovedOrder,
  earlier: EarlierWork,
  { broker, publish, now }: OrderStepDependencies,
): Promise<object> {
  const { id, filled: shares } = order;
  // A market that has closed meanwhile has no time left.
  const closesAt = (await broker.closesAt(now())) ?? now().toISOString();
  const until = earlier?.workUntil ?? workUntil(order.placedAt, workSeconds, closesAt);
  const looks = earlier ? earlier.looks + 1 : 0;
  if (!earlier || earlier.filled !== shares)
    await publish({
      ExecutionId: executionArn,
      At: now().toISOString(),
      Input: { progress: orderProgress(order, until) },
    });
  return { ...trade, order: nextLook({ id, workUntil: until, looks, filled: shares }, now()) };
}

/** Settles the reservation last, because it has what a repeated state needs to know. */
async function finalOutput(
  order: Order,
  approved: ApprovedOrder,
  dependencies: OrderStepDependencies,
  why?: WhyOver,
): Promise<object> {
  const { reservations, now } = dependencies;
  const { terms } = approved;
  const output = await resultOf(order, approved, dependencies, why);
  const unfilledCents = toCents(notional(Number(terms.limitPrice), terms.quantity - order.filled));
  await reservations.settle(order.id, { unfilledCents, now: now() });
  return output;
}

async function resultOf(
  order: Order,
  approved: ApprovedOrder,
  { broker, priceBandPercent, now }: OrderStepDependencies,
  why?: WhyOver,
): Promise<object> {
  const { order: _work, ...trade } = approved.trade;
  const { approval, terms } = approved;
  const at = (time: Date) => broker.quote(terms.symbol, time);
  const pressed = await at(new Date(approval.decision?.at ?? now()));
  const prices = pricesOf(approved, pressed);
  const fill = fillOf(order);
  if (fill && fill.quantity === terms.quantity) return { ...trade, ...filled(fill, prices) };
  const reason =
    order.status === 'expired' ? 'closed' : (why ?? (terms.timeInForce === 'ioc' ? 'ioc' : 'broker'));
  if (fill) return { ...trade, ...partlyFilled(fill, terms.quantity, reason, prices) };
  const again = resubmissionOf(approved, priceBandPercent);
  const result: Result = unfilled(reason, prices, await at(now()), again);
  return { ...trade, result };
}

/** @param pressed the quote at the time of the decision */
export function pricesOf({ trade, approval, terms }: ApprovedOrder, pressed?: Prices['pressed']): Prices {
  // An amendment may show another price than the input has.
  const shown = approval.amendments?.length ? undefined : trade.stock_price;
  return { shown, pressed, limitPrice: terms.limitPrice };
}

export function resubmissionOf(
  { terms, trade }: ApprovedOrder,
  priceBandPercent: number,
): ResubmissionContext {
  return { terms, note: trade.note, chosenLimit: trade.limitPrice, priceBandPercent };
}

// The function of the states Buy Stock and Sell Stock: checks that people approved these terms, looks for an order that an
// earlier attempt placed, checks the trade again on a fresh quote, reserves, and places the order with the broker.
import { OrderRejected } from '../../aws/trading/broker.ts';
import type { Reservations } from '../../aws/trading/reservations.ts';
import type { Result } from '../../domain/approval.ts';
import type { Quote } from '../../domain/trading/market.ts';
import { isWorking, type Order } from '../../domain/trading/orders.ts';
import type { Available } from '../../domain/trading/reservations.ts';
import { checkTrade, type TradeLimits } from '../../domain/trading/pre-trade-checks.ts';
import type { Side } from '../../domain/trading/prices.ts';
import { isMarketable } from '../../domain/trading/trade-terms.ts';
import { isOutdated } from '../../domain/votes.ts';
import { type ApprovedOrder, approvedOrder, checkMayBeSent, checkSameTerms } from './approved-order.ts';
import { giveUpOrder } from './give-up-order.ts';
import { marketClosed, noRoom, notFilled, notSent, priceMoved, rejected, tooOld } from './order-results.ts';
import { orderStep, type OrderStepDependencies, pricesOf, resubmissionOf } from './order-step.ts';
import { OrderUnknown, withUnknown } from './order-unknown.ts';

export interface PlaceOrderDependencies extends OrderStepDependencies {
  readonly limits: TradeLimits;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

type Reserved = Awaited<ReturnType<Reservations['reserve']>>;

/** Milliseconds between the first looks at an order that should be filled at once. They fit into the state's timeout. */
const FIRST_LOOKS_MS = [300, 1_000, 2_000];

/** @param side that the state trades; an approval for the other side is refused */
export function placeOrder(side: Side, dependencies: PlaceOrderDependencies) {
  return async (input: unknown): Promise<object> => {
    const approved = await approvedOrder(input, dependencies.approvals, side);
    const { id, trade } = approved;
    const { reservations, now } = dependencies;
    const outcome = await reservations.outcome(id);
    if (outcome) {
      // An earlier attempt may have been ended before it removed the reservation.
      await reservations.settle(id, { unfilledCents: Number.MAX_SAFE_INTEGER, now: now() });
      return { ...trade, result: outcome };
    }
    // A repeated state may have sent the order before. Then its age, the market and the limits do not matter any more.
    const earlier = await withUnknown(dependencies.broker).find(id);
    if (!earlier) return send(approved, dependencies);
    checkSameTerms(earlier, approved);
    return orderStep(earlier, approved, undefined, dependencies);
  };
}

async function send(approved: ApprovedOrder, dependencies: PlaceOrderDependencies): Promise<object> {
  const { broker, reservations, now } = dependencies;
  const { id, terms } = approved;
  checkMayBeSent(approved);
  const giveUp = (result: Result, lease?: string) => giveUpOrder(approved, result, dependencies, lease);
  const snapshot = await snapshotOf(approved, dependencies);
  const checked = checkAgain(approved, snapshot, dependencies);
  if ('result' in checked) return giveUp(checked.result);
  const { quote } = checked;
  const reserved = await reservations.reserve(
    { ...terms, id, executionArn: approved.executionArn, approvalId: approved.approval.id },
    { redriveCount: approved.redriveCount, now: now(), available: () => available(approved, dependencies) },
  );
  if ('refused' in reserved && reserved.refused === 'busy')
    throw new OrderUnknown(`Another worker may send the order until ${reserved.sendBy}.`);
  if ('refused' in reserved) return giveUp(notReserved(reserved, approved, dependencies));
  try {
    const order = await withUnknown(broker).place({ ...terms, id });
    // A broker that has an order of this id returns it, whatever its terms are.
    checkSameTerms(order, approved);
    const last = await lookAgain(order, quote, dependencies);
    return await orderStep(last, approved, undefined, dependencies);
  } catch (error) {
    if (!(error instanceof OrderRejected)) throw error;
    return giveUp(rejected(error.message), reserved.sendBy);
  }
}

/** An order that was closed keeps the result with which it was closed. */
function notReserved(
  reserved: Exclude<Extract<Reserved, { readonly refused: string }>, { readonly refused: 'busy' }>,
  approved: ApprovedOrder,
  { priceBandPercent }: PlaceOrderDependencies,
): Result {
  if (reserved.refused === 'closed') return reserved.result;
  return reserved.refused === 'blocked'
    ? notSent(resubmissionOf(approved, priceBandPercent))
    : noRoom(reserved.text);
}

/** Cash and shares that the account has left. The open orders are read first, so that none is missing in both answers. */
async function available({ terms }: ApprovedOrder, { broker }: PlaceOrderDependencies): Promise<Available> {
  const open = await broker.openOrders();
  const [account, position] = await Promise.all([broker.account(), broker.position(terms.symbol)]);
  const known = open.map(({ id }) => id);
  return { cash: account.availableCash, shares: position.available, known };
}

async function snapshotOf({ terms }: ApprovedOrder, { broker, now }: PlaceOrderDependencies) {
  const [quote, account, position, closesAt] = await Promise.all([
    broker.quote(terms.symbol, now()),
    broker.account(),
    broker.position(terms.symbol),
    broker.closesAt(now()),
  ]);
  return { quote, cash: account.availableCash, position: position.available, closesAt };
}

/** The checks that apply to an order that was not sent. */
function checkAgain(
  approved: ApprovedOrder,
  snapshot: Awaited<ReturnType<typeof snapshotOf>>,
  { limits, priceBandPercent, now }: PlaceOrderDependencies,
): { readonly quote: Quote } | { readonly result: Result } {
  const { terms, trade, approval } = approved;
  const again = resubmissionOf(approved, priceBandPercent);
  const prices = pricesOf(approved);
  if (isOutdated(approval, now())) return { result: tooOld(again) };
  if (snapshot.closesAt === undefined) return { result: marketClosed(again) };
  const checked = checkTrade({ terms, limitPrice: trade.limitPrice }, snapshot, limits, now());
  if ('refused' in checked) return { result: notFilled(checked.refused, prices, again) };
  if (terms.timeInForce === 'ioc' && !isMarketable(terms, checked.quote))
    return { result: priceMoved(prices, checked.quote, again) };
  return checked;
}

/** Looks a few times at an order that should be filled at once, so that its execution need not wait. */
async function lookAgain(
  placed: Order,
  quote: Quote,
  { broker, pause }: PlaceOrderDependencies,
): Promise<Order> {
  let order = placed;
  for (const milliseconds of isMarketable(placed, quote) ? FIRST_LOOKS_MS : []) {
    if (!isWorking(order) || order.filled > 0) return order;
    await pause(milliseconds);
    order = (await withUnknown(broker).find(placed.id)) ?? order;
  }
  return order;
}

// Handles the queue of ended executions: an execution that failed, timed out or was stopped may have an order at the broker.
// Cancels the order, waits until no worker can send it any more, and publishes how the execution ended, with what had been
// filled.
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Broker } from '../../aws/trading/broker.ts';
import type { Reservations } from '../../aws/trading/reservations.ts';
import { type Described, executionName } from '../../aws/executions.ts';
import type { Log } from '../../aws/log.ts';
import { RetryLater } from '../../aws/retry-later.ts';
import type { Result } from '../../domain/approval.ts';
import { fillOf, isWorking, type Order } from '../../domain/trading/orders.ts';
import { notional } from '../../domain/trading/prices.ts';
import { toCents, usd } from '../../domain/usd.ts';
import { completionMessage } from '../completion-message.ts';
import { orderId } from '../../domain/trading/order-id.ts';
import { type EndedExecution, readEndedExecution } from './ended-execution.ts';
import { boughtOrSold } from './order-results.ts';
import { OrderUnknown, withUnknown } from './order-unknown.ts';

/** A worker may still send the order, or the broker has not ended it yet. */
export class OrderNotOver extends RetryLater {
  override readonly name = 'OrderNotOver';
}

export interface EndOrdersDependencies {
  readonly approvals: Pick<Approvals, 'ofExecution'>;
  readonly broker: Broker;
  readonly reservations: Reservations;
  readonly describe: (executionArn: string) => Promise<Described>;
  /** Publishes a message on the results topic. */
  readonly publish: (message: object) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
}

export function endOrders(dependencies: EndOrdersDependencies) {
  const { approvals, describe, publish, log } = dependencies;
  return async (body: unknown): Promise<void> => {
    const ended = readEndedExecution(body);
    const { executionArn, status } = ended;
    const execution = executionName(executionArn);
    const described = await describe(executionArn);
    if (described.status === 'SUCCEEDED') return log('failure_overtaken', { execution, status });
    const redriveCount = described.redriveCount ?? 0;
    const approved = (await approvals.ofExecution(executionArn)).filter(
      ({ decision }) => decision?.outcome === 'approved',
    );
    // A redriven run works its order. Without an order, the end of the run before is told: people may be asked again.
    if (approved.length > 0 && isRedriven(described, ended))
      return log('failure_overtaken', { execution, status });
    const ids = approved.map((approval) => orderId(executionArn, approval.id));
    const orders: Order[] = [];
    for (const id of ids) {
      const order = await endOrder(id, redriveCount, dependencies);
      if (order) orders.push(order);
    }
    const message = completionMessage(executionArn, { ...described, status, endedAt: ended.endedAt });
    await publish(approved.length > 0 ? withFills(message, orders) : message);
    for (const order of orders) await settle(order, dependencies);
    const absent = ids.filter((id) => orders.every((order) => order.id !== id));
    for (const id of absent) await settleAbsent(id, redriveCount, dependencies);
    log('failure_reported', { execution, status, error: described.error, orders: orders.length });
  };
}

/** Whether the execution was redriven after this end, and runs. Another event reports the end of that run. */
function isRedriven({ status, redrivenAt }: Described, { endedAt }: EndedExecution): boolean {
  // DescribeExecution is eventually consistent, so RUNNING alone proves nothing.
  return status === 'RUNNING' && redrivenAt !== undefined && (endedAt === undefined || redrivenAt > endedAt);
}

/**
 * After this, no worker of these runs sends the order, and the broker fills no more of it.
 * @returns undefined if the broker does not have the order
 */
async function endOrder(
  id: string,
  redriveCount: number,
  { broker, reservations, now }: EndOrdersDependencies,
): Promise<Order | undefined> {
  const calls = retried(withUnknown(broker));
  const { sendBy } = await reservations.block(id, { redriveCount, now: now() });
  if (sendBy !== undefined) {
    const seconds = Math.max(1, Math.ceil((Date.parse(sendBy) - now().getTime()) / 1_000));
    throw new OrderNotOver(`A worker may send the order until ${sendBy}.`, seconds);
  }
  let order = await calls.find(id);
  if (!order || !isWorking(order)) return order;
  await calls.cancel(id);
  order = await calls.find(id);
  if (!order || isWorking(order)) throw new OrderNotOver('The broker has not cancelled the order yet.', 10);
  return order;
}

/** A broker that does not answer is asked again later, for as long as the queue requeues messages. */
function retried(calls: ReturnType<typeof withUnknown>): Pick<typeof calls, 'find' | 'cancel'> {
  const later = (error: unknown): never => {
    if (error instanceof OrderUnknown) throw new OrderNotOver(error.message, 60);
    throw error;
  };
  return {
    find: (id) => calls.find(id).catch(later),
    cancel: (id) => calls.cancel(id).catch(later),
  };
}

async function settle(
  { id, limitPrice, quantity, filled }: Order,
  { reservations, now }: EndOrdersDependencies,
): Promise<void> {
  const unfilledCents = toCents(notional(Number(limitPrice), quantity - filled));
  await reservations.settle(id, { unfilledCents, now: now() });
}

/**
 * An order that was reserved, and that the broker does not have. Its runs stay blocked, and a redriven run reserves again. The
 * reservation of a run that was redriven meanwhile is not touched.
 */
async function settleAbsent(
  id: string,
  redriveCount: number,
  { reservations, now }: EndOrdersDependencies,
): Promise<void> {
  await reservations.settle(id, { unfilledCents: Number.MAX_SAFE_INTEGER, now: now(), redriveCount });
}

/** The message, whose text says what was filled, so that it is known whether anything was traded. */
function withFills(message: object, orders: readonly Order[]): object {
  const { Input, ...others } = message as { readonly Input: { readonly result: Result } };
  const { unsure: _unsure, ...result } = Input.result;
  const fills = orders.flatMap((order) => {
    const fill = fillOf(order);
    return fill ? [{ fill, order }] : [];
  });
  const texts = fills.map(
    ({ fill, order }) =>
      `${boughtOrSold(fill, fill.quantity < order.quantity ? order.quantity : undefined)}, total ${usd(notional(fill.price, fill.quantity))}, before that.`,
  );
  const text = [result.text, ...(texts.length > 0 ? texts : ['Nothing was traded.'])].join(' ');
  return { ...others, Input: { result: { ...result, text } } };
}

// Reads the order that people approved. The states that place, check and cancel an order call it with their input, so none
// of them acts on an order that no decision on record approves.
import * as v from 'valibot';
import type { Approvals } from '../../aws/approvals-table.ts';
import { executionName } from '../../aws/executions.ts';
import type { Approval } from '../../domain/approval.ts';
import { orderId } from '../../domain/trading/order-id.ts';
import type { Order } from '../../domain/trading/orders.ts';
import type { Side } from '../../domain/trading/prices.ts';
import type { TradeTerms } from '../../domain/trading/trade-terms.ts';
import { isApproved } from '../../domain/votes.ts';
import { parse } from '../parse.ts';
import { approvedTerms } from './approved-terms.ts';
import { decidedTrade } from './trade-input.ts';

/** No recorded decision allows this trade. State machines match the error by this name. */
export class NotApproved extends Error {
  override readonly name = 'NotApproved';
}

/** The broker has another order under the id of this one. State machines match the error by this name. */
export class OrderMismatch extends Error {
  override readonly name = 'OrderMismatch';
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const stateInput = v.object({
  Input: decidedTrade,
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
  /** Seconds. */
  WorkSeconds: count,
  RedriveCount: count,
});

export interface ApprovedOrder {
  /** The data of the execution. */
  readonly trade: v.InferOutput<typeof decidedTrade>;
  readonly executionArn: string;
  readonly approval: Approval;
  readonly terms: TradeTerms;
  readonly id: string;
  /** How long the order may work, seconds. */
  readonly workSeconds: number;
  readonly redriveCount: number;
}

/** @param side that the state trades, if that is known */
function notApproved(side?: Side): NotApproved {
  return new NotApproved(`No recorded decision approves this order${side ? ` to ${side}` : ''}.`);
}

/**
 * An order that was not sent needs an approval that still counts. One that was sent is followed to its end in any case: its
 * execution may have been stopped and redriven, which cancelled the approval.
 * @throws NotApproved
 */
export function checkMayBeSent({ approval, terms }: ApprovedOrder): void {
  if (!isApproved(approval)) throw notApproved(terms.side);
}

/**
 * @param side that the state trades; undefined for the states that follow
 * @throws NotApproved, InvalidInput
 */
export async function approvedOrder(
  input: unknown,
  approvals: Pick<Approvals, 'get'>,
  side?: Side,
): Promise<ApprovedOrder> {
  const { Input, ExecutionId, WorkSeconds, RedriveCount } = parse(stateInput, input);
  const approval = await approvals.get({ execution: executionName(ExecutionId), id: Input.approval.id });
  const isDecided = approval?.decision?.outcome === 'approved' && approval.executionArn === ExecutionId;
  const terms = isDecided && approvedTerms(Input, approval);
  if (!terms || (side !== undefined && terms.side !== side)) throw notApproved(side);
  return {
    trade: Input,
    executionArn: ExecutionId,
    approval,
    terms,
    id: orderId(ExecutionId, approval.id),
    workSeconds: WorkSeconds,
    redriveCount: RedriveCount,
  };
}

/** @throws OrderMismatch unless the broker's order has the terms that people approved */
export function checkSameTerms(order: Order, { terms }: ApprovedOrder): void {
  const names = ['side', 'symbol', 'quantity', 'limitPrice', 'timeInForce'] as const;
  const different = names.filter((name) => order[name] !== terms[name]);
  if (different.length > 0)
    throw new OrderMismatch(
      `The broker has an order with the id ${order.id} whose ${different.join(' and ')} differ from what was approved. Look at this order in the broker's account.`,
    );
}

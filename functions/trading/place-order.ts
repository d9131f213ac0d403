// The function of the states Buy Stock and Sell Stock: checks that people approved exactly these terms, then places the
// order with the paper broker. The order id is made from the execution and its approval, so a repeated state gets the
// same fill.
import * as v from 'valibot';
import { type Approvals } from '../../aws/approvals-table.ts';
import { executionName } from '../../aws/executions.ts';
import type { Log } from '../../aws/log.ts';
import { type Ledger } from '../../aws/trading/ledger.ts';
import type { Approval, Result } from '../../domain/approval.ts';
import { digest } from '../../domain/digest.ts';
import { digestTerms } from '../../domain/terms.ts';
import { isApproved, isOutdated } from '../../domain/votes.ts';
import { type Fill, NEARLY_FULL_FILLS, type Order } from '../../domain/trading/paper-account.ts';
import { shares, type Side, notional } from '../../domain/trading/recommendation.ts';
import { tradeTerms } from '../../domain/trading/trade-terms.ts';
import { usd } from '../../domain/usd.ts';
import { parse } from '../parse.ts';
import { decidedTrade, recommendationIn } from './trade-input.ts';

/** No recorded decision allows this trade. State machines match the error by this name. */
export class NotApproved extends Error {
  override readonly name = 'NotApproved';
}

/** The approval is older than the time that people had to decide. State machines match the error by this name. */
export class ApprovalTooOld extends Error {
  override readonly name = 'ApprovalTooOld';
}

/** The broker rejected the order. State machines match the error by this name. */
export class OrderRejected extends Error {
  override readonly name = 'OrderRejected';
}

const MAKE_ROOM =
  'The ledger has room for a few hundred more orders. After that every order fails. Empty it as described in docs/operating.md.';

const stateInput = v.object({ Input: decidedTrade, ExecutionId: v.pipe(v.string(), v.startsWith('arn:')) });

export interface PlaceOrderDependencies {
  readonly approvals: Approvals;
  readonly ledger: Ledger;
  readonly now: () => Date;
  readonly log: Log;
}

/** @param side what the state does; an approval for the other side is refused */
export function placeOrder(side: Side, dependencies: PlaceOrderDependencies) {
  const { approvals, ledger: account } = dependencies;
  return async (input: unknown) => {
    const { Input, ExecutionId } = parse(stateInput, input);
    const execution = executionName(ExecutionId);
    const recommendation = recommendationIn(Input);
    const approval = await approvals.get({ execution, id: Input.approval.id });
    const terms = digestTerms(tradeTerms(recommendation, Input.requestedBy));
    const allowed = approval && isApproved(approval) && approval.executionArn === ExecutionId;
    const sameTerms = recommendation.side === side && approval?.terms?.digest === terms.digest;
    if (!allowed || !sameTerms) {
      throw new NotApproved(`No recorded decision allows to ${side} on these terms. Nothing was traded.`);
    }
    const { symbol, quantity, quote } = recommendation;
    const order = {
      id: `paper-${digest(`${ExecutionId} ${approval.id}`)}`,
      side,
      symbol,
      quantity,
      price: quote.price,
    };
    // An order that was placed before stays as it is, however old its approval is now.
    const fill = (await account.fillOf(order.id)) ?? (await place(order, approval, dependencies));
    return { ...Input, fill, result: resultOf(fill) };
  };
}

async function place(
  order: Order,
  approval: Approval,
  { ledger: account, now, log }: PlaceOrderDependencies,
): Promise<Fill> {
  if (isOutdated(approval, now()))
    throw new ApprovalTooOld(
      'The approval is older than the time in which it had to be given, so nothing was traded. Request the trade again.',
    );
  const placed = await account.place(order, now());
  if ('rejected' in placed) throw new OrderRejected(placed.rejected);
  const fills = Object.keys(placed.account.fills).length;
  if (fills >= NEARLY_FULL_FILLS) log('ledger_nearly_full', { fills, remedy: MAKE_ROOM });
  return placed.fill;
}

function resultOf({ id, side, quantity, symbol, price }: Fill): Result {
  const action = side === 'buy' ? 'Bought' : 'Sold';
  const text = `${action} ${shares(quantity)} ${symbol} at ${usd(price)}, ${usd(notional(price, quantity))} in all. Order ${id}.`;
  return { outcome: 'done', label: 'Filled', emoji: ':chart_with_upwards_trend:', text };
}

// The function of the states Buy Stock and Sell Stock: checks that people approved these terms, checks the trade again on a
// fresh quote, and places the order with the paper broker. The order id is made from the execution and its approval, so a
// repeated state gets the same fill.
import * as v from 'valibot';
import { type Approvals } from '../../aws/approvals-table.ts';
import { executionName } from '../../aws/executions.ts';
import type { Log } from '../../aws/log.ts';
import { type Ledger } from '../../aws/trading/ledger.ts';
import type { Market } from '../../aws/trading/market.ts';
import type { Approval, Result } from '../../domain/approval.ts';
import { sha256 } from '../../domain/digest.ts';
import { isApproved, isOutdated } from '../../domain/votes.ts';
import {
  earlierOrder,
  type EarlierOrder,
  NEARLY_FULL_BYTES,
  positionOf,
} from '../../domain/trading/paper-account.ts';
import { checkTrade, type TradeLimits } from '../../domain/trading/pre-trade-checks.ts';
import type { Side } from '../../domain/trading/prices.ts';
import { parse } from '../parse.ts';
import { approvedTerms } from './approved-terms.ts';
import { filled, notFilled, priceMoved, rejected, tooOld } from './order-results.ts';
import { decidedTrade } from './trade-input.ts';

/** No recorded decision allows this trade. State machines match the error by this name. */
export class NotApproved extends Error {
  override readonly name = 'NotApproved';
}

const MAKE_ROOM =
  'The ledger has room for a few hundred more orders. After that every order fails. Empty it as described in docs/operating.md.';

const stateInput = v.object({ Input: decidedTrade, ExecutionId: v.pipe(v.string(), v.startsWith('arn:')) });

export interface PlaceOrderDependencies {
  readonly approvals: Approvals;
  readonly ledger: Ledger;
  readonly market: Market;
  readonly limits: TradeLimits;
  /** How far the default limit is from the price, in percent. */
  readonly priceBandPercent: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** @param side that the state trades; an approval for the other side is refused */
export function placeOrder(side: Side, dependencies: PlaceOrderDependencies) {
  const { approvals, ledger, market, limits, priceBandPercent, now, log } = dependencies;
  return async (input: unknown) => {
    const { Input, ExecutionId } = parse(stateInput, input);
    const approval = await approvals.get({ execution: executionName(ExecutionId), id: Input.approval.id });
    const isAllowed = approval && isApproved(approval) && approval.executionArn === ExecutionId;
    const terms = isAllowed && approvedTerms(Input, approval);
    if (!terms || terms.side !== side)
      throw new NotApproved(`No recorded decision approves this order to ${side}. Nothing was traded.`);
    const { symbol } = terms;
    const id = orderId(ExecutionId, approval);
    const [account, pressed, quote] = await Promise.all([
      ledger.account(),
      market.quote(symbol, new Date(approval.decision?.at ?? now())),
      market.quote(symbol, now()),
    ]);
    // An amendment may show another price than the input has.
    const shown = approval.amendments?.length ? undefined : Input.stock_price;
    const prices = { shown, pressed, limitPrice: terms.limitPrice };
    const outputOf = (order: EarlierOrder) => ({
      ...Input,
      ...('fill' in order ? filled(order.fill, prices) : { result: order.closed }),
    });
    // An order that was filled or given up keeps its outcome, however old its approval is now.
    const earlier = earlierOrder(account, id);
    if (earlier) return outputOf(earlier);
    const reported = (order: EarlierOrder) => {
      const bytes = Buffer.byteLength(JSON.stringify(order.account));
      if (bytes >= NEARLY_FULL_BYTES) log('ledger_nearly_full', { bytes, remedy: MAKE_ROOM });
      return outputOf(order);
    };
    const again = { terms, note: Input.note, chosenLimit: Input.limitPrice, priceBandPercent };
    const giveUp = async (result: Result) => reported(await ledger.close(id, result));
    if (isOutdated(approval, now())) return giveUp(tooOld(again));
    const snapshot = { quote, position: positionOf(account, symbol), cash: account.cash / 100 };
    const checked = checkTrade({ terms, limitPrice: Input.limitPrice }, snapshot, limits, now());
    if ('refused' in checked) return giveUp(notFilled(checked.refused, prices, again));
    const placed = await ledger.place({ ...terms, id }, checked.quote, now());
    if ('rejected' in placed) return giveUp(rejected(placed.rejected));
    if ('notMarketable' in placed) return giveUp(priceMoved(prices, checked.quote, again));
    return reported(placed);
  };
}

/** Not truncated, because a caller who chooses execution names could find two with the same short digest. */
function orderId(executionArn: string, { id }: Approval): string {
  return `paper-${sha256(`${executionArn} ${id}`)}`;
}

// The terms of a trade: what people approve and what is traded. “Generate Buy/Sell recommendation” adds them to the
// request, and “Buy Stock” and “Sell Stock” trade only the approved ones. Texts that people read do not belong here.
import { notional, roundPrice, type Side } from './prices.ts';
import type { Quote } from './market.ts';

/** The account at the paper broker. */
export const ACCOUNT = 'paper';

/** `day`: until the market closes. `ioc` (immediate or cancel): what cannot be filled at once is cancelled. */
export const TIMES_IN_FORCE = ['day', 'ioc'] as const;

export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

/** How people read a time in force. */
export const TIME_IN_FORCE_NAMES: Readonly<Record<TimeInForce, string>> = {
  day: 'day',
  ioc: 'immediate or cancel',
};

/**
 * Version 2. A later version of this code must trade what waits under this one, so a changed member needs a new version:
 * see `terms-version-1.ts`.
 */
export interface TradeTerms {
  readonly version: 2;
  readonly side: Side;
  readonly symbol: string;
  /** Whole shares. */
  readonly quantity: number;
  /** The worst price in USD a share, in the canonical form of `prices.ts`. */
  readonly limitPrice: string;
  readonly timeInForce: TimeInForce;
  /** The account at the broker. */
  readonly account: string;
  /** Slack user id of the person whom the input names as requester. */
  readonly requester?: string | undefined;
}

/**
 * The default limit: the price at which an order would fill now, and `bandPercent` worse.
 * @param price the ask for a buy, the bid for a sell
 */
export function bandLimit(side: Side, price: number, bandPercent: number): string {
  const band = bandPercent / 100;
  return side === 'buy' ? roundPrice(price * (1 + band), 'up') : roundPrice(price * (1 - band), 'down');
}

/** The amount that chooses who must approve, in USD: limit × quantity. For a sell, the ask counts if it is above the limit. */
export function amountAtStake({ side, quantity, limitPrice }: TradeTerms, ask: number): number {
  const limit = Number(limitPrice);
  return notional(side === 'buy' ? limit : Math.max(limit, ask), quantity);
}

/** Whether an order with this limit would fill now. */
export function isMarketable(
  { side, limitPrice }: Pick<TradeTerms, 'side' | 'limitPrice'>,
  { bid, ask }: Quote,
): boolean {
  return side === 'buy' ? ask <= Number(limitPrice) : bid >= Number(limitPrice);
}

/** Whether these terms allow nothing that the others do not: no more shares, no worse price, no longer time. */
export function isTighter(terms: TradeTerms, than: TradeTerms): boolean {
  const { side, symbol, account, requester, quantity, limitPrice, timeInForce } = terms;
  const isSameTrade = side === than.side && symbol === than.symbol && account === than.account;
  const [limit, earlierLimit] = [Number(limitPrice), Number(than.limitPrice)];
  return (
    isSameTrade &&
    requester === than.requester &&
    quantity <= than.quantity &&
    (side === 'buy' ? limit <= earlierLimit : limit >= earlierLimit) &&
    (timeInForce === than.timeInForce || timeInForce === 'ioc')
  );
}

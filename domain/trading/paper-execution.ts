// How the paper broker fills an order: a pure function of the order and of the market's quotes, so that it does not matter
// who looks at the order, or when. The paper broker calls it whenever somebody looks.
import { toCents } from '../usd.ts';
import { closesAt, type Quotes } from './market.ts';
import type { OrderStatus } from './orders.ts';
import { notional } from './prices.ts';
import { isMarketable, type TradeTerms } from './trade-terms.ts';

/** An order as the paper broker stores it, without its fills. */
export interface PaperOrder extends Pick<
  TradeTerms,
  'side' | 'symbol' | 'quantity' | 'limitPrice' | 'timeInForce'
> {
  /** ISO 8601. */
  readonly placedAt: string;
  /** When the broker was asked to cancel it, ISO 8601. */
  readonly cancelledAt?: string;
}

/** The sum of an order's fills. */
export interface Fills {
  /** Shares. */
  readonly filled: number;
  /** Cost or proceeds of the filled shares, in whole US cents. */
  readonly cost: number;
  /** When the last share was filled, ISO 8601. Absent if nothing was. */
  readonly filledAt?: string;
}

export const NO_FILLS: Fills = { filled: 0, cost: 0 };

/** Milliseconds. */
const MINUTE = 60_000;

/**
 * Fills the order at the instant it was placed and at the start of each later minute, until it is filled or cancelled, or
 * the market closes. Each time at most the quote's shares are filled, at the quote's bid or ask.
 * @param earlier a result for an earlier time. Its fills stay, also if the order was cancelled before the last of them.
 */
export function execute(
  order: PaperOrder,
  now: Date,
  quotes: Quotes,
  earlier: Fills = NO_FILLS,
): Fills & { readonly status: OrderStatus } {
  const placed = Date.parse(order.placedAt);
  const close = closesAt(new Date(placed)).getTime();
  const { filledAt, filled, cost } = earlier;
  // A clock may be behind the one that placed the order.
  const until = Math.max(placed, order.cancelledAt ? Date.parse(order.cancelledAt) : now.getTime());
  const last = order.timeInForce === 'ioc' ? placed : Math.min(until, close - 1);
  let fills: Fills = { filled, cost, ...(filledAt !== undefined && { filledAt }) };
  let instant = filledAt === undefined ? placed : nextMinute(Date.parse(filledAt));
  for (; instant <= last && fills.filled < order.quantity; instant = nextMinute(instant))
    fills = fillAt(order, fills, new Date(instant), quotes);
  return { ...fills, status: statusOf(order, fills, until >= close) };
}

/** Mean price of the filled shares, USD a share, with four decimals. Undefined if nothing was filled. */
export function averagePrice({ filled, cost }: Fills): number | undefined {
  // Cents times 100 are ten-thousandths of a dollar.
  return filled === 0 ? undefined : Math.round((cost * 100) / filled) / 10_000;
}

function fillAt(order: PaperOrder, fills: Fills, at: Date, quotes: Quotes): Fills {
  const quote = quotes(at);
  if (!quote || !isMarketable(order, quote)) return fills;
  const rest = order.quantity - fills.filled;
  const quantity = Math.min(rest, quote.shares ?? rest);
  if (quantity === 0) return fills;
  const price = order.side === 'buy' ? quote.ask : quote.bid;
  return {
    filled: fills.filled + quantity,
    cost: fills.cost + toCents(notional(price, quantity)),
    filledAt: at.toISOString(),
  };
}

function statusOf(order: PaperOrder, { filled }: Fills, isClosed: boolean): OrderStatus {
  if (filled === order.quantity) return 'filled';
  if (order.timeInForce === 'ioc') return 'cancelled';
  if (isClosed) return 'expired';
  return order.cancelledAt === undefined ? 'working' : 'cancelled';
}

function nextMinute(time: number): number {
  return (Math.floor(time / MINUTE) + 1) * MINUTE;
}

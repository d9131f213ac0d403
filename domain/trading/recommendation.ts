// Recommends a trade, and turns the recommendation into a request for approval: the texts that people read. The state
// “Generate Buy/Sell recommendation” does both. `trade-terms.ts` creates the terms that are compared before the trade.
import type { Request } from '../request.ts';
import { toCents, usd } from '../usd.ts';
import type { Quote } from './market.ts';

export type Side = 'buy' | 'sell';

export interface Recommendation {
  readonly side: Side;
  readonly symbol: string;
  /** Shares. */
  readonly quantity: number;
  readonly quote: Quote;
  /** Why the trade is recommended, in one sentence. */
  readonly reason: string;
}

export function recommend(quote: Quote, quantity: number): Recommendation {
  const side: Side = quote.price < quote.average ? 'buy' : 'sell';
  return { side, symbol: quote.symbol, quantity, quote, reason: reasonFor(quote) };
}

function reasonFor({ price, average }: Quote): string {
  if (price === average) return `At the last hour's average.`;
  const percent = Math.abs((price / average - 1) * 100).toFixed(2);
  // Stryker disable next-line EqualityOperator: equal prices were handled above
  const where = price < average ? 'below' : 'above';
  return `${percent} % ${where} the last hour's average.`;
}

/** Price × quantity, in USD. */
export function notional(price: number, quantity: number): number {
  return (toCents(price) * quantity) / 100;
}

/** The parts of a request that do not come from the recommendation. */
export interface RequestContext {
  /** Slack user id. Undefined if the execution was started outside Slack. */
  readonly requester?: string | undefined;
  readonly note?: string | undefined;
}

/** The request that people are asked to approve. */
export function tradeRequest(recommendation: Recommendation, { requester, note }: RequestContext): Request {
  const { side, symbol, quantity, quote, reason } = recommendation;
  return {
    title: `${side === 'buy' ? 'Buy' : 'Sell'} ${shares(quantity)} ${symbol}`,
    amount: notional(quote.price, quantity),
    facts: [{ label: 'Price', value: usd(quote.price), at: quote.at }],
    reason,
    ...(note === undefined ? {} : { note }),
    ...(requester === undefined ? {} : { requester }),
  };
}

/** Formats a number of shares: `1,000`. */
export function shares(quantity: number): string {
  return quantity.toLocaleString('en-US');
}

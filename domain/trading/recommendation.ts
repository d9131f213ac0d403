// The rule that recommends, and the request a recommendation becomes. Generate Buy/Sell recommendation makes both;
// the states that trade make the request again, to see that people approved these very terms.
import type { PreviousAnswer, Request } from '../request.ts';
import { toCents, usd } from '../usd.ts';
import type { Quote } from './market.ts';

export type Side = 'buy' | 'sell';

export interface Recommendation {
  readonly side: Side;
  readonly symbol: string;
  /** Shares. */
  readonly quantity: number;
  readonly quote: Quote;
  /** Why, a sentence. */
  readonly reason: string;
}

/**
 * The rule, in words: a price below the mean of its last hour is cheap, so buy; at the mean or above it, sell.
 */
export function recommend(quote: Quote, quantity: number): Recommendation {
  const side: Side = quote.price < quote.average ? 'buy' : 'sell';
  return { side, symbol: quote.symbol, quantity, quote, reason: reasonFor(quote) };
}

function reasonFor({ price, average }: Quote): string {
  if (price === average) return `At the last hour's average.`;
  const percent = Math.abs((price / average - 1) * 100).toFixed(2);
  const where = price < average ? 'below' : 'above';
  return `${percent} % ${where} the last hour's average.`;
}

/** Price × quantity, in USD. */
export function notional(price: number, quantity: number): number {
  return (toCents(price) * quantity) / 100;
}

/** What the requester gave beside the trade itself. */
export interface Asked {
  readonly requester?: string | undefined;
  readonly note?: string | undefined;
  /** How the same trade was answered before. */
  readonly previousAnswer?: PreviousAnswer | undefined;
}

/** What approvers are asked about this recommendation. */
export function tradeRequest(
  recommendation: Recommendation,
  { requester, note, previousAnswer }: Asked,
): Request {
  const { side, symbol, quantity, quote, reason } = recommendation;
  return {
    title: `${side === 'buy' ? 'Buy' : 'Sell'} ${shares(quantity)} ${symbol}`,
    amount: notional(quote.price, quantity),
    facts: [{ label: 'Price', value: usd(quote.price), at: quote.at }],
    reason,
    ...(note === undefined ? {} : { note }),
    ...(previousAnswer === undefined ? {} : { previousAnswer }),
    ...(requester === undefined ? {} : { requester }),
  };
}

/** A number of shares as people read it: `1,000`. */
export function shares(quantity: number): string {
  return quantity.toLocaleString('en-US');
}

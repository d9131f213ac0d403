// The terms of a trade: what people approve and what is traded. “Generate Buy/Sell recommendation” adds them to the
// request, and “Buy Stock” and “Sell Stock” trade only if their own terms are the approved ones.
import type { Recommendation, Side } from './recommendation.ts';

/**
 * Version 1. A later version of this code must create the same terms for an execution that already waits, so a changed
 * member needs a new version. Texts that people read do not belong here.
 */
export interface TradeTerms {
  readonly version: 1;
  readonly side: Side;
  readonly symbol: string;
  /** Shares. */
  readonly quantity: number;
  /** USD a share. */
  readonly price: number;
  /** When the price was quoted, ISO 8601. */
  readonly priced_at: string;
  /** Slack user id of the person whom the input names as requester. */
  readonly requester?: string | undefined;
}

export function tradeTerms(
  { side, symbol, quantity, quote }: Recommendation,
  requester: string | undefined,
): TradeTerms {
  return { version: 1, side, symbol, quantity, price: quote.price, priced_at: quote.at, requester };
}

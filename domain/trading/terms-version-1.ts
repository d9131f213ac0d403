// The terms of version 1, which had a price and no limit. An execution that asked under them may still wait, so “Buy Stock”
// and “Sell Stock” know them. Delete this file one approval timeout after the deployment of version 2.
import { roundPrice, type Side } from './prices.ts';
import type { TradeTerms } from './trade-terms.ts';

export interface TermsVersion1 {
  readonly version: 1;
  readonly side: Side;
  readonly symbol: string;
  /** Shares. */
  readonly quantity: number;
  /** USD a share. */
  readonly price: number;
  /** When the price was quoted, ISO 8601. */
  readonly priced_at: string;
  readonly requester?: string | undefined;
}

/** People approved one price, so the order never fills at a worse one. */
export function asLimitOrder(terms: TermsVersion1, account: string): TradeTerms {
  const { side, symbol, quantity, price, requester } = terms;
  const limitPrice = roundPrice(price, side === 'buy' ? 'down' : 'up');
  return { version: 2, side, symbol, quantity, limitPrice, timeInForce: 'ioc', account, requester };
}

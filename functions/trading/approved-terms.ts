// Compares what people approved with what the execution would trade. Buy Stock and Sell Stock call it.
import type * as v from 'valibot';
import type { Approval } from '../../domain/approval.ts';
import { digestTerms, isIntact } from '../../domain/terms.ts';
import { asLimitOrder, type TermsVersion1 } from '../../domain/trading/terms-version-1.ts';
import { ACCOUNT, isTighter, type TradeTerms } from '../../domain/trading/trade-terms.ts';
import { type decidedTrade, readTerms } from './trade-input.ts';

type DecidedTrade = v.InferOutput<typeof decidedTrade>;

/**
 * Returns the stored terms if the decision has their digest, and they equal the execution's terms or only tighten them.
 * Otherwise undefined.
 */
export function approvedTerms(trade: DecidedTrade, { terms: recorded }: Approval): TradeTerms | undefined {
  if (!recorded || !isIntact(recorded) || trade.approval.termsDigest !== recorded.digest) return undefined;
  if (!trade.terms) {
    const earlier = termsVersion1(trade);
    return digestTerms(earlier).digest === recorded.digest ? asLimitOrder(earlier, ACCOUNT) : undefined;
  }
  const approved = readTerms(JSON.parse(recorded.json));
  return approved && isTighter(approved, trade.terms) ? approved : undefined;
}

/** Makes the terms of version 1 again, to compare their digest. */
function termsVersion1(trade: DecidedTrade): TermsVersion1 {
  return {
    version: 1,
    side: trade.recommended_type,
    symbol: trade.symbol,
    quantity: trade.quantity,
    price: trade.stock_price,
    priced_at: trade.priced_at,
    requester: trade.requestedBy,
  };
}

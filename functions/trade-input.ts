// What travels through the trading state machine, state by state: each function returns its input plus its fields.
// The functions of the states parse their input with these.
import * as v from 'valibot';
import { MAX_QUANTITY } from '../domain/trading/trade-terms.ts';
import type { Recommendation } from '../domain/trading/recommendation.ts';

const shares = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_QUANTITY));
const usdAShare = v.pipe(v.number(), v.gtValue(0));
const timestamp = v.pipe(v.string(), v.isoTimestamp());

/** The execution's input: `{"symbol":"NVDA"}` is enough. */
export const tradeInput = v.looseObject({
  symbol: v.string(),
  quantity: v.optional(shares),
  /** Slack user id. */
  requestedBy: v.optional(v.string()),
  note: v.optional(v.string()),
});

/** … plus what Check Stock Price found. Prices in USD a share. */
export const pricedTrade = v.looseObject({
  ...tradeInput.entries,
  stock_price: usdAShare,
  average_price: usdAShare,
  priced_at: timestamp,
});

/** … plus what Generate Buy/Sell recommendation recommends, and what people decided about it. */
export const decidedTrade = v.looseObject({
  ...pricedTrade.entries,
  quantity: shares,
  recommended_type: v.picklist(['buy', 'sell']),
  reason: v.string(),
  approval: v.looseObject({ outcome: v.literal('approved'), id: v.string() }),
});

export function recommendationIn(trade: v.InferOutput<typeof decidedTrade>): Recommendation {
  return {
    side: trade.recommended_type,
    symbol: trade.symbol,
    quantity: trade.quantity,
    quote: {
      symbol: trade.symbol,
      price: trade.stock_price,
      average: trade.average_price,
      at: trade.priced_at,
    },
    reason: trade.reason,
  };
}

// Schemas for the inputs of the states of the trading workflow. The function of each state parses its input with one
// schema, and returns the input with additional fields.
import * as v from 'valibot';
import { type Recommendation, shares } from '../../domain/trading/recommendation.ts';
import { isQuantity, MAX_NOTE, MAX_QUANTITY } from '../../domain/trading/ticket.ts';
import { slackUser } from '../parse.ts';

const quantity = v.pipe(
  v.number(),
  v.check(isQuantity, `must be a whole number of shares from 1 to ${shares(MAX_QUANTITY)}`),
);
const note = v.pipe(v.string(), v.maxLength(MAX_NOTE, `must be at most ${MAX_NOTE} characters`));
const usdAShare = v.pipe(v.number(), v.gtValue(0));
const timestamp = v.pipe(v.string(), v.isoTimestamp());

/** The input of the execution. Only `symbol` is required, as in `{"symbol":"NVDA"}`. */
export const tradeInput = v.looseObject({
  symbol: v.string(),
  quantity: v.optional(quantity),
  requestedBy: v.optional(slackUser),
  note: v.optional(note),
});

/** The input plus the fields of Check Stock Price. Prices are in USD a share. */
export const pricedTrade = v.looseObject({
  ...tradeInput.entries,
  stock_price: usdAShare,
  average_price: usdAShare,
  priced_at: timestamp,
});

/** {@link pricedTrade}, the decision, and the fields that the state “Generate Buy/Sell recommendation” adds. */
export const decidedTrade = v.looseObject({
  ...pricedTrade.entries,
  quantity,
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

// Schemas for the inputs of the states of the trading workflow. The function of each state parses its input with one
// schema, and returns the input with additional fields.
import * as v from 'valibot';
import { readPrice, shares } from '../../domain/trading/prices.ts';
import { isQuantity, limitNeedsSide, MAX_NOTE, MAX_QUANTITY } from '../../domain/trading/ticket.ts';
import { TIMES_IN_FORCE, type TradeTerms } from '../../domain/trading/trade-terms.ts';
import { slackUser } from '../parse.ts';

const quantity = v.pipe(
  v.number(),
  v.check(isQuantity, `must be a whole number of shares from 1 to ${shares(MAX_QUANTITY)}`),
);
const note = v.pipe(v.string(), v.maxLength(MAX_NOTE, `must be at most ${MAX_NOTE} characters`));
const usdAShare = v.pipe(v.number(), v.gtValue(0));
const timestamp = v.pipe(v.string(), v.isoTimestamp());
const side = v.picklist(['buy', 'sell'], 'must be "buy" or "sell"');
const timeInForce = v.picklist(
  TIMES_IN_FORCE,
  `must be ${TIMES_IN_FORCE.map((each) => `"${each}"`).join(' or ')}`,
);
const limitPrice = v.pipe(
  v.string('must be a text such as "184.50"'),
  v.check(
    (text) => readPrice(text) === text,
    'must have exactly two decimals from USD 1, exactly four below, and no more than 100000, such as "184.50"',
  ),
);

const tradeEntries = {
  symbol: v.string(),
  quantity: v.optional(quantity),
  side: v.optional(side),
  limitPrice: v.optional(limitPrice),
  timeInForce: v.optional(timeInForce),
  requestedBy: v.optional(slackUser),
  note: v.optional(note),
};

/**
 * The input of the execution. Only `symbol` is required, as in `{"symbol":"NVDA"}`. Other members are dropped: a large one
 * could make the output of a later state too large, after the order is filled, and one such as `fill` would be untrue.
 */
export const tradeInput = v.pipe(
  v.object(tradeEntries),
  v.forward(
    v.check((trade) => limitNeedsSide(trade) === undefined, 'must come with a side, "buy" or "sell"'),
    ['limitPrice'],
  ),
);

/** The input plus the fields of Check Stock Price. Prices are in USD a share. */
export const pricedTrade = v.looseObject({
  ...tradeEntries,
  stock_price: usdAShare,
  // Absent if an earlier version of this app checked the price.
  bid: v.optional(usdAShare),
  ask: v.optional(usdAShare),
  average_price: usdAShare,
  priced_at: timestamp,
});

const terms = v.strictObject({
  version: v.literal(2),
  side,
  symbol: v.string(),
  quantity,
  limitPrice,
  timeInForce,
  account: v.string(),
  requester: v.optional(slackUser),
});

/** @returns undefined unless these are the terms of a trade in version 2 */
export function readTerms(value: unknown): TradeTerms | undefined {
  const read = v.safeParse(terms, value);
  return read.success ? read.output : undefined;
}

/** {@link pricedTrade} and the fields that the state “Generate Buy/Sell recommendation” adds. */
export const recommendedTrade = v.looseObject({
  ...pricedTrade.entries,
  quantity,
  recommended_type: side,
  reason: v.string(),
  terms,
  request: v.looseObject({ facts: v.array(v.unknown()) }),
});

/** The input of Buy Stock and Sell Stock. `terms` is absent if version 1 of the terms was requested. */
export const decidedTrade = v.looseObject({
  ...pricedTrade.entries,
  quantity,
  recommended_type: side,
  terms: v.optional(terms),
  approval: v.looseObject({
    outcome: v.literal('approved'),
    id: v.string(),
    termsDigest: v.optional(v.string()),
  }),
});

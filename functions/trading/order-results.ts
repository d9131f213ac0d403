// The results of orders: what people read in the thread, and what the output of the execution records. Buy Stock and Sell
// Stock return them.
import type { Result } from '../../domain/approval.ts';
import type { Quote } from '../../domain/trading/market.ts';
import type { Fill } from '../../domain/trading/paper-account.ts';
import type { CheckFailure } from '../../domain/trading/pre-trade-checks.ts';
import { notional, shares, usdPrice } from '../../domain/trading/prices.ts';
import type { Ticket } from '../../domain/trading/ticket.ts';
import { bandLimit, type TradeTerms } from '../../domain/trading/trade-terms.ts';
import { usd } from '../../domain/usd.ts';

export interface Prices {
  /** The price in the request, USD a share. Undefined if the request was amended, which may have changed it. */
  readonly shown: number | undefined;
  /** The quote at the time of the decision. Undefined if it is not known. */
  readonly pressed: Quote | undefined;
  readonly limitPrice: string;
}

/** The trade that a resubmission requests. */
export interface ResubmissionContext {
  readonly terms: TradeTerms;
  readonly note: string | undefined;
  /** The limit that the requester chose. Undefined for the default limit. */
  readonly chosenLimit: string | undefined;
  readonly priceBandPercent: number;
}

/** The fill with its prices, and the result. */
export function filled(fill: Fill, { shown, pressed, limitPrice }: Prices) {
  const { side, quantity, symbol, price } = fill;
  const slippage = shown === undefined ? undefined : slippageOf(fill, shown);
  const prices = [
    ...(shown === undefined ? [] : [`price in the request ${usdPrice(shown)}`]),
    ...(pressed ? [`at the approval ${usdPrice(pressed.price)}`] : []),
    `limit ${usdPrice(Number(limitPrice))}`,
    ...(slippage ? [`slippage ${usd(slippage.slippageUsd)} (${slippage.slippageBps} bps)`] : []),
  ].join(', ');
  const action = side === 'buy' ? 'Bought' : 'Sold';
  const text = `${action} ${shares(quantity)} ${symbol} at ${usdPrice(price)}, ${usd(notional(price, quantity))} in all. ${prices.slice(0, 1).toUpperCase()}${prices.slice(1)}.`;
  const result: Result = { outcome: 'done', label: 'Filled', emoji: ':chart_with_upwards_trend:', text };
  const record = { priceShown: shown, priceAtApproval: pressed?.price, limitPrice, ...slippage };
  return { fill: { ...fill, ...record }, result };
}

/** In USD and in basis points. Positive if the fill is worse than the price in the request. */
function slippageOf({ side, price, quantity }: Fill, shown: number) {
  const worse = side === 'buy' ? price - shown : shown - price;
  // Removes the errors of floating-point numbers.
  return {
    slippageUsd: Number((worse * quantity).toFixed(2)),
    slippageBps: Number(((worse / shown) * 10_000).toFixed(1)),
  };
}

/**
 * The order is not marketable, or its limit is too far from the market. One press requests the same trade at the new price.
 */
export function priceMoved(
  { shown, limitPrice }: Prices,
  quote: Quote,
  again: ResubmissionContext,
  isTooFar = false,
): Result {
  const { terms, priceBandPercent } = again;
  const { price, bid, ask } = quote;
  const isBuy = terms.side === 'buy';
  const hasMoved = shown !== undefined && price !== shown;
  const moved = hasMoved
    ? `The price moved from ${usdPrice(shown)} to ${usdPrice(price)}`
    : `The price is ${usdPrice(price)}`;
  const limit = `the limit of ${usdPrice(Number(limitPrice))}`;
  const touch = isBuy ? `the ask of ${usdPrice(ask)} is above` : `the bid of ${usdPrice(bid)} is below`;
  return {
    ...UNFILLED,
    text: `${moved}: ${isTooFar ? `${limit} is too far from the market` : `${touch} ${limit}`}.`,
    resubmit: {
      label: `Resubmit at ${usdPrice(price).replace('USD ', '')}`,
      input: inputOf(again, bandLimit(terms.side, isBuy ? ask : bid, priceBandPercent)),
    },
  };
}

/** The checks refused the order. A resubmission is offered only if the market is the reason. */
export function notFilled(refused: CheckFailure, prices: Prices, again: ResubmissionContext): Result {
  const { because, text } = refused;
  if (because === 'price') return priceMoved(prices, refused.quote, again, true);
  if (because !== 'quote') return { ...UNFILLED, text };
  return { ...UNFILLED, text, resubmit: { label: 'Resubmit', input: inputOf(again, again.chosenLimit) } };
}

/** More time has passed since the approval than people had to decide. */
export function tooOld(again: ResubmissionContext): Result {
  return {
    ...UNFILLED,
    text: 'The approval is too old: it is older than the time that people had to decide.',
    resubmit: { label: 'Resubmit', input: inputOf(again, again.chosenLimit) },
  };
}

/** @param text the reason, in the broker's words */
export function rejected(text: string): Result {
  return { ...UNFILLED, label: 'Rejected', text };
}

const UNFILLED = { outcome: 'unfilled', label: 'Not filled' } as const;

/** Without `limitPrice`, the new request has the default limit. */
function inputOf({ terms, note }: ResubmissionContext, limitPrice?: string): Ticket {
  const { side, symbol, quantity, timeInForce } = terms;
  return {
    symbol,
    quantity,
    side,
    timeInForce,
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(note === undefined ? {} : { note }),
  };
}

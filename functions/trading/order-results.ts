// The results of orders: what people read in the thread, and what the output of the execution records. The states that
// place, check and cancel orders return them.
import type { Result } from '../../domain/approval.ts';
import type { Quote } from '../../domain/trading/market.ts';
import type { Fill } from '../../domain/trading/orders.ts';
import type { CheckFailure } from '../../domain/trading/pre-trade-checks.ts';
import { notional, shares, usdPrice } from '../../domain/trading/prices.ts';
import type { Ticket } from '../../domain/trading/ticket.ts';
import { bandLimit, isMarketable, type TradeTerms } from '../../domain/trading/trade-terms.ts';
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

/**
 * Why an order is over that was not filled completely. `time`: its working time has passed. `person`: somebody asked to cancel
 * it. `closed`: the market closed. `ioc`: it was immediate or cancel. `broker`: the broker ended it, or it
 * was cancelled when an earlier run of the execution ended.
 */
export type WhyOver = 'time' | 'person' | 'closed' | 'ioc' | 'broker';

/** The fill of a whole order with its prices, and the result. */
export function filled(fill: Fill, prices: Prices) {
  const { record, what, slippage } = fillTexts(fill, prices);
  const result: Result = { outcome: 'done', label: 'Filled', text: [`${what}.`, ...slippage].join(' ') };
  return { fill: record, result };
}

/** The fill of a part of an order with its prices, and the result. @param quantity shares of the whole order */
export function partlyFilled(fill: Fill, quantity: number, why: WhyOver, prices: Prices) {
  const { record, what, slippage } = fillTexts(fill, prices, quantity);
  const text = [`${what}.`, restText(shares(quantity - fill.quantity), why), ...slippage].join(' ');
  const result: Result = { outcome: 'partly', label: 'Partly filled', text };
  return { fill: record, result };
}

function fillTexts(fill: Fill, { shown, pressed, limitPrice }: Prices, of?: number) {
  const { price, quantity } = fill;
  const difference = shown === undefined ? undefined : slippageOf(fill, shown);
  const slippage = shown === undefined ? [] : [slippageText(fill, shown)];
  const what = `${boughtOrSold(fill, of)}, total ${usd(notional(price, quantity))}`;
  const record = { ...fill, priceShown: shown, priceAtApproval: pressed?.price, limitPrice, ...difference };
  return { record, what, slippage };
}

/** Such as `Bought 4 of 10 AMZN at USD 182.22`. @param of shares of the whole order, if it was filled in part */
export function boughtOrSold({ side, symbol, quantity, price }: Fill, of?: number): string {
  const part = of === undefined ? shares(quantity) : `${shares(quantity)} of ${shares(of)}`;
  return `${side === 'buy' ? 'Bought' : 'Sold'} ${part} ${symbol} at ${usdPrice(price)}`;
}

function restText(rest: string, why: WhyOver): string {
  switch (why) {
    case 'time':
      return `The other ${rest} were not filled in time and were cancelled.`;
    case 'person':
      return `The other ${rest} were cancelled on request.`;
    case 'closed':
      return `The other ${rest} expired when the market closed.`;
    case 'ioc':
      return `The other ${rest} could not be filled at once and were cancelled.`;
    case 'broker':
      return `The other ${rest} were cancelled.`;
  }
}

/** The result of an order without fills. @param quote the current quote, undefined if the market has none */
export function unfilled(
  why: WhyOver,
  prices: Prices,
  quote: Quote | undefined,
  again: ResubmissionContext,
): Result {
  if (why === 'person') return { ...UNFILLED, text: 'The order was cancelled on request.' };
  const hasLeft = quote && !isMarketable(again.terms, quote);
  if (hasLeft && (why === 'time' || why === 'ioc')) return priceMoved(prices, quote, again);
  return { ...UNFILLED, text: unfilledText(why), resubmit: sameTrade(again) };
}

function unfilledText(why: Exclude<WhyOver, 'person'>): string {
  switch (why) {
    case 'time':
      return 'The order was not filled in time and was cancelled.';
    case 'closed':
      return 'The order expired when the market closed.';
    case 'ioc':
      return 'The order could not be filled at once and was cancelled.';
    case 'broker':
      return 'The order was cancelled.';
  }
}

/** Such as `Slippage: USD 0.20 more in total than at USD 182.20 (1.1 bps).` */
function slippageText(fill: Fill, shown: number): string {
  const { slippageUsd, slippageBps } = slippageOf(fill, shown);
  if (slippageUsd === 0) return `No slippage from ${usdPrice(shown)}.`;
  const isMore = slippageUsd > 0 === (fill.side === 'buy');
  return `Slippage: ${usd(Math.abs(slippageUsd))} ${isMore ? 'more' : 'less'} in total than at ${usdPrice(shown)} (${slippageBps} bps).`;
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
  const newLimit = bandLimit(terms.side, isBuy ? ask : bid, priceBandPercent);
  const hasMoved = shown !== undefined && price !== shown;
  const moved = hasMoved
    ? `The price moved from ${usdPrice(shown)} to ${usdPrice(price)}`
    : `The price is ${usdPrice(price)}`;
  const limit = `the limit of ${usdPrice(Number(limitPrice))}`;
  const touch = isBuy ? `the ask of ${usdPrice(ask)} was above` : `the bid of ${usdPrice(bid)} was below`;
  return {
    ...UNFILLED,
    text: `${moved}: ${isTooFar ? `${limit} is too far from the market` : `${touch} ${limit}`}. No order is open.`,
    resubmit: {
      label: `Resubmit, limit ${usdPrice(Number(newLimit)).replace('USD ', '')}`,
      input: inputOf(again, newLimit),
    },
  };
}

/** The checks refused the order. A resubmission is offered only if the market is the reason. */
export function notFilled(refused: CheckFailure, prices: Prices, again: ResubmissionContext): Result {
  const { because, text } = refused;
  if (because === 'price') return priceMoved(prices, refused.quote, again, true);
  if (because !== 'quote') return { ...UNFILLED, text };
  return { ...UNFILLED, text, resubmit: sameTrade(again) };
}

/** More time has passed since the approval than people had to decide. */
export function tooOld(again: ResubmissionContext): Result {
  return {
    ...UNFILLED,
    text: 'The approval is too old: it is older than the time that people had to decide.',
    resubmit: sameTrade(again),
  };
}

export function marketClosed(again: ResubmissionContext): Result {
  return { ...UNFILLED, text: 'The market is closed. No order was sent.', resubmit: sameTrade(again) };
}

/** Other orders that may be at the broker need the cash or the shares. @param text which, and how much is left */
export function noRoom(text: string): Result {
  return { ...UNFILLED, text };
}

/** A worker began to give up the order, and did not get as far as to say why. */
export function notSent(again: ResubmissionContext): Result {
  return { ...UNFILLED, text: 'The order was not placed.', resubmit: sameTrade(again) };
}

/** @param text the reason, in the broker's words */
export function rejected(text: string): Result {
  return { ...UNFILLED, label: 'Rejected', text };
}

const UNFILLED = { outcome: 'unfilled', label: 'Not filled' } as const;

/** Requests the same trade with the limit that the requester chose. */
function sameTrade(again: ResubmissionContext): Result['resubmit'] {
  return { label: 'Resubmit', input: inputOf(again, again.chosenLimit) };
}

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

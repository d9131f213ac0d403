// The rules that an order must pass before people are asked, and again before it is placed. They follow the pre-trade
// controls of brokers: https://www.law.cornell.edu/cfr/text/17/240.15c3-5 and, for the EU,
// https://eur-lex.europa.eu/eli/reg_del/2017/589/oj
import { usd } from '../usd.ts';
import type { Quote } from './market.ts';
import { notional, shares, usdPrice } from './prices.ts';
import { isQuantity, badQuantity, unknownSymbol } from './ticket.ts';
import { amountAtStake, bandLimit, type TradeTerms } from './trade-terms.ts';

export interface TradeLimits {
  /** Symbols that may be traded. */
  readonly symbols: readonly string[];
  /** Symbols among them that may not be traded now. */
  readonly restricted: readonly string[];
  /** USD. Nobody may approve more. */
  readonly maxAmount: number;
}

/** The market and the account at one moment. */
export interface Snapshot {
  /** Undefined if the market has no quote. */
  readonly quote: Quote | undefined;
  /** Shares of the symbol that can be sold: those held, less what open orders sell. */
  readonly position: number;
  /** USD that can be spent: the cash, less what open orders buy. */
  readonly cash: number;
}

/** Both percentages are of the midpoint between bid and ask. */
const MAX_LIMIT_DISTANCE_PERCENT = 5;
const MAX_SPREAD_PERCENT = 1;
/** The simulated market has a new quote each minute. */
const MAX_QUOTE_AGE_SECONDS = 90;

/**
 * Why an order may not be placed, in words for the requester. `quote`: there is no quote that can be trusted. `price`: the
 * limit is too far from the market. `account`: the account lacks shares or cash. `rule`: any other rule.
 */
export type CheckFailure =
  | { readonly because: 'rule' | 'quote' | 'account'; readonly text: string }
  | { readonly because: 'price'; readonly text: string; readonly quote: Quote };

/** The input of the checks. */
export interface TradeToCheck {
  readonly terms: TradeTerms;
  /** The limit that the requester chose. Absent for the default limit. */
  readonly limitPrice?: string | undefined;
}

/** Returns the quote if the order may be placed. */
export function checkTrade(
  trade: TradeToCheck,
  snapshot: Snapshot,
  limits: TradeLimits,
  now: Date,
): { readonly refused: CheckFailure } | { readonly quote: Quote } {
  const { terms } = trade;
  const { quote } = snapshot;
  const rule = checkRules(terms, limits);
  if (rule) return refuse('rule', rule);
  if (!quote) return refuse('quote', noPrice(terms.symbol));
  const quoteError = checkQuote(quote, now);
  if (quoteError) return refuse('quote', quoteError);
  const suggestFor = (asked: TradeToCheck) => suggestion(asked, { ...snapshot, quote }, limits);
  const price = checkLimit(terms, quote);
  if (price) return { refused: { because: 'price', text: price + suggestFor({ terms }), quote } };
  const amount = checkAmount(terms, quote, limits);
  if (amount) return refuse('rule', amount + suggestFor(trade));
  const account = checkAccount(terms, snapshot);
  return account === undefined ? { quote } : refuse('account', account + suggestFor(trade));
}

function refuse(because: 'rule' | 'quote' | 'account', text: string) {
  return { refused: { because, text } };
}

const TRY_LATER = 'Try again in a few minutes.';

export function noPrice(symbol: string): string {
  return `There is no quote for ${symbol} now. ${TRY_LATER}`;
}

function checkRules(
  { symbol, quantity }: TradeTerms,
  { symbols, restricted }: TradeLimits,
): string | undefined {
  if (!symbols.includes(symbol)) return unknownSymbol(symbol, symbols);
  if (restricted.includes(symbol)) return `${symbol} is restricted and cannot be traded now.`;
  return isQuantity(quantity) ? undefined : badQuantity();
}

function checkQuote({ symbol, bid, ask, at }: Quote, now: Date): string | undefined {
  const age = Math.ceil((now.getTime() - Date.parse(at)) / 1_000);
  if (age > MAX_QUOTE_AGE_SECONDS)
    return `The last quote for ${symbol} is ${age} seconds old (maximum ${MAX_QUOTE_AGE_SECONDS}). ${TRY_LATER}`;
  const spread = percent(ask - bid, mid({ bid, ask }));
  if (spread <= MAX_SPREAD_PERCENT) return undefined;
  return `The spread of ${symbol} is ${spread} % (maximum ${MAX_SPREAD_PERCENT} %; bid ${usdPrice(bid)}, ask ${usdPrice(ask)}). ${TRY_LATER}`;
}

function checkLimit({ limitPrice }: TradeTerms, { bid, ask }: Quote): string | undefined {
  const limit = Number(limitPrice);
  const market = mid({ bid, ask });
  const distance = percent(Math.abs(limit - market), market);
  if (distance <= MAX_LIMIT_DISTANCE_PERCENT) return undefined;
  return `The limit of ${usdPrice(limit)} is ${distance} % from the market (maximum ${MAX_LIMIT_DISTANCE_PERCENT} %; bid ${usdPrice(bid)}, ask ${usdPrice(ask)}).`;
}

function mid({ bid, ask }: Pick<Quote, 'bid' | 'ask'>): number {
  return (bid + ask) / 2;
}

/** Rounded to hundredths, as people read it. */
function percent(part: number, whole: number): number {
  return Number(((part / whole) * 100).toFixed(2));
}

function checkAmount(terms: TradeTerms, { ask }: Quote, { maxAmount }: TradeLimits): string | undefined {
  const amount = amountAtStake(terms, ask);
  if (amount <= maxAmount) return undefined;
  return `Above the ${usd(maxAmount).replace(/\.00$/, '')} limit: ${shares(terms.quantity)} ${terms.symbol} amount to ${usd(amount)}.`;
}

function checkAccount(terms: TradeTerms, { position, cash }: Snapshot): string | undefined {
  const { side, symbol, quantity, limitPrice } = terms;
  if (side === 'sell') {
    if (quantity <= position) return undefined;
    return `Insufficient position: ${position > 0 ? shares(position) : `no ${symbol}`} held.`;
  }
  const cost = notional(Number(limitPrice), quantity);
  return cost <= cash ? undefined : `Insufficient cash: needs ${usd(cost)}, has ${usd(cash)}.`;
}

/** Suggests a command whose quantity passes, with the requester's limit or any default limit. Empty if no share passes. */
function suggestion(
  { terms, limitPrice }: TradeToCheck,
  { quote, position, cash }: Snapshot & { readonly quote: Quote },
  { maxAmount }: TradeLimits,
): string {
  const { side, symbol } = terms;
  const worst = limitPrice ?? bandLimit(side, mid(quote), MAX_LIMIT_DISTANCE_PERCENT);
  const share = amountAtStake({ ...terms, quantity: 1, limitPrice: worst }, quote.ask);
  const inAccount = side === 'sell' ? position : Math.floor(cash / share);
  const quantity = Math.min(terms.quantity, Math.floor(maxAmount / share), inAccount);
  const limit = limitPrice === undefined ? '' : ` limit ${limitPrice}`;
  const ioc = terms.timeInForce === 'ioc' ? ' ioc' : '';
  return quantity >= 1 ? ` Try “/trade ${side} ${symbol} ${shares(quantity)}${limit}${ioc}”.` : '';
}

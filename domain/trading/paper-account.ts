// The account of the paper broker: how an order changes it, and when the broker rejects an order. The ledger stores the
// account, and the states Buy Stock and Sell Stock place orders through it.
import type { Result } from '../approval.ts';
import { toCents, usd } from '../usd.ts';
import type { Quote } from './market.ts';
import { notional, shares, type Side } from './prices.ts';
import { isMarketable, type TradeTerms } from './trade-terms.ts';

/** A limit order. */
export interface Order extends TradeTerms {
  /** Derived from the execution and its approval, so that one approval cannot trade twice. */
  readonly id: string;
}

/** An order that was executed. */
export interface Fill {
  /** The id of the order. */
  readonly id: string;
  readonly side: Side;
  readonly symbol: string;
  /** Shares. */
  readonly quantity: number;
  /** USD a share. */
  readonly price: number;
  /** ISO 8601. */
  readonly time: string;
}

export interface Account {
  /** Whole US cents, because sums of whole cents are exact. */
  readonly cash: number;
  /** Shares held of each symbol that was traded. The account holds {@link OPENING_SHARES} of every other symbol. */
  readonly positions: Readonly<Record<string, number>>;
  /** Every fill, by order id. */
  readonly fills: Readonly<Record<string, Fill>>;
  /** The result of every order that was given up, by order id. An order that was given up is never filled. Absent if there was none. */
  readonly closed?: Readonly<Record<string, Result>>;
}

/** Shares of each symbol in a new account: enough to fill a first order to sell. */
export const OPENING_SHARES = 1_000;

export const OPENING_ACCOUNT: Account = { cash: toCents(1_000_000), positions: {}, fills: {} };

/**
 * From this size on, as bytes of JSON, an operator must make room. The account is one DynamoDB item of at most 400 KB, of
 * which a fill takes at most 226 bytes, and a closed order about 600:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const NEARLY_FULL_BYTES = 300_000;

/** The outcome of an order that is filled or given up. */
export type EarlierOrder =
  | { readonly account: Account; readonly fill: Fill }
  | { readonly account: Account; readonly closed: Result };

/** `notMarketable`: the order would not fill at this quote. The broker holds no orders, whatever their time in force. */
export type Placed = EarlierOrder | { readonly rejected: string } | { readonly notMarketable: true };

/** Undefined if the order was neither filled nor given up. */
export function earlierOrder(account: Account, id: string): EarlierOrder | undefined {
  const [fill, closed] = [account.fills[id], account.closed?.[id]];
  if (fill) return { account, fill };
  return closed && { account, closed };
}

/** Gives up an order, unless it was filled or given up before. */
export function close(account: Account, id: string, result: Result): EarlierOrder {
  const closed = { ...account.closed, [id]: result };
  return earlierOrder(account, id) ?? { account: { ...account, closed }, closed: result };
}

/**
 * Fills a limit order at the quote's bid or ask, which is never worse than the limit. If the order was filled or given up
 * before, returns what became of it and the account unchanged.
 */
export function place(account: Account, order: Order, quote: Quote, now: Date): Placed {
  const earlier = earlierOrder(account, order.id);
  if (earlier) return earlier;
  if (!isMarketable(order, quote)) return { notMarketable: true };
  const { id, side, symbol, quantity } = order;
  const price = side === 'buy' ? quote.ask : quote.bid;
  const held = positionOf(account, symbol);
  const cost = toCents(notional(price, quantity));
  if (side === 'buy' && cost > account.cash) return { rejected: notEnoughCash(order, cost, account.cash) };
  if (side === 'sell' && quantity > held) return { rejected: notEnoughShares(order, held) };
  const sign = side === 'buy' ? 1 : -1;
  const fill: Fill = { id, side, symbol, quantity, price, time: now.toISOString() };
  return {
    account: {
      ...account,
      cash: account.cash - sign * cost,
      positions: { ...account.positions, [symbol]: held + sign * quantity },
      fills: { ...account.fills, [id]: fill },
    },
    fill,
  };
}

/** Shares held. */
export function positionOf({ positions }: Account, symbol: string): number {
  return positions[symbol] ?? OPENING_SHARES;
}

function notEnoughCash({ quantity, symbol }: Order, cost: number, cash: number): string {
  return `The broker rejected the order: ${shares(quantity)} ${symbol} cost ${usd(cost / 100)}, the account has ${usd(cash / 100)}.`;
}

function notEnoughShares({ quantity, symbol }: Order, held: number): string {
  return `The broker rejected the order: it sells ${shares(quantity)} ${symbol}, the account holds ${shares(held)}.`;
}

// The account of the paper broker: how an order changes it, and when the broker rejects an order. The ledger stores the
// account, and the states Buy Stock and Sell Stock place orders through it.
import { toCents, usd } from '../usd.ts';
import { notional, shares, type Side } from './recommendation.ts';

export interface Order {
  /** Derived from the execution and its approval, so that one approval cannot trade twice. */
  readonly id: string;
  readonly side: Side;
  readonly symbol: string;
  /** Shares. */
  readonly quantity: number;
  /** USD a share. */
  readonly price: number;
}

/** An order that was executed. */
export interface Fill extends Order {
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
}

/** Shares of each symbol in a new account: enough to fill a first order to sell. */
export const OPENING_SHARES = 1_000;

export const OPENING_ACCOUNT: Account = { cash: toCents(1_000_000), positions: {}, fills: {} };

/**
 * From this number of fills on, an operator must make room. The account is one DynamoDB item of at most 400 KB, which
 * holds about 3,100 fills with the longest symbols and prices:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const NEARLY_FULL_FILLS = 2_700;

export type Placed = { readonly account: Account; readonly fill: Fill } | { readonly rejected: string };

/** Executes an order at its price. If the order was filled before, returns that fill and the account unchanged. */
export function place(account: Account, order: Order, now: Date): Placed {
  const earlier = account.fills[order.id];
  if (earlier) return { account, fill: earlier };
  const held = account.positions[order.symbol] ?? OPENING_SHARES;
  const cost = toCents(notional(order.price, order.quantity));
  if (order.side === 'buy' && cost > account.cash)
    return { rejected: notEnoughCash(order, cost, account.cash) };
  if (order.side === 'sell' && order.quantity > held) return { rejected: notEnoughShares(order, held) };
  const sign = order.side === 'buy' ? 1 : -1;
  const fill: Fill = { ...order, time: now.toISOString() };
  return {
    account: {
      cash: account.cash - sign * cost,
      positions: { ...account.positions, [order.symbol]: held + sign * order.quantity },
      fills: { ...account.fills, [order.id]: fill },
    },
    fill,
  };
}

function notEnoughCash({ quantity, symbol }: Order, cost: number, cash: number): string {
  return `The broker rejected the order: ${shares(quantity)} ${symbol} cost ${usd(cost / 100)}, the account has ${usd(cash / 100)}.`;
}

function notEnoughShares({ quantity, symbol }: Order, held: number): string {
  return `The broker rejected the order: it sells ${shares(quantity)} ${symbol}, the account holds ${shares(held)}.`;
}

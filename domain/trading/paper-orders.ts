// The account of the paper broker: which orders it accepts, what they reserve, and how fills change it. The paper broker
// stores the account and applies these changes one at a time.
import { toCents, usd } from '../usd.ts';
import type { Position } from './orders.ts';
import { type Fills, NO_FILLS, type PaperOrder } from './paper-execution.ts';
import { notional, shares } from './prices.ts';

export interface PaperAccount {
  /** Whole US cents, because sums of whole cents are exact. */
  readonly cash: number;
  /** Shares held of each symbol that was traded. The account holds {@link OPENING_SHARES} of every other symbol. */
  readonly positions: Readonly<Record<string, number>>;
  /** By order id: the orders that work, and those whose outcome is not stored with the order yet. */
  readonly working: Readonly<Record<string, BookedOrder>>;
}

/** How an order ended, decided once. */
export type Outcome =
  | (Fills & { readonly status: 'filled' | 'cancelled' | 'expired' })
  /** The broker's reason. */
  | { readonly rejected: string };

/** An order in the account. Its fills are in the cash and the positions. */
export interface BookedOrder extends Fills, Pick<PaperOrder, 'side' | 'symbol' | 'quantity' | 'limitPrice'> {
  /** Absent while the order works. An order with an outcome reserves nothing and is not filled any more. */
  readonly outcome?: Outcome;
}

/** Shares of each symbol in a new account: enough to fill a first order to sell. */
export const OPENING_SHARES = 1_000;

export const OPENING_ACCOUNT: PaperAccount = { cash: toCents(1_000_000), positions: {}, working: {} };

/** Adds an order. It works, or it has an outcome at once: rejected, because the account cannot pay for it or deliver it. */
export function admit(account: PaperAccount, id: string, order: PaperOrder): PaperAccount {
  const { side, symbol, quantity, limitPrice } = order;
  const rejected = reasonToReject(account, order);
  const outcome = rejected === undefined ? {} : { outcome: { rejected } };
  return withOrder(account, id, { side, symbol, quantity, limitPrice, ...NO_FILLS, ...outcome });
}

/**
 * Books what was filled since the order was last booked.
 * @param fills all fills of the order
 * @returns the same account if nothing changed
 */
export function book(
  account: PaperAccount,
  id: string,
  fills: Fills & { readonly status: Exclude<Outcome, { rejected: string }>['status'] | 'working' },
): PaperAccount {
  const booked = account.working[id];
  if (!booked || booked.outcome) return account;
  const { status, ...sums } = fills;
  if (status === 'working' && sums.filled === booked.filled) return account;
  const { cash, positions } = account;
  const { side, symbol } = booked;
  const sign = side === 'buy' ? 1 : -1;
  const changed = { ...booked, ...sums, ...(status !== 'working' && { outcome: { ...sums, status } }) };
  const [bought, paid] = [sums.filled - booked.filled, sums.cost - booked.cost];
  return withOrder(
    {
      ...account,
      cash: cash - sign * paid,
      positions:
        bought === 0
          ? positions
          : { ...positions, [symbol]: positionOf(account, symbol).quantity + sign * bought },
    },
    id,
    changed,
  );
}

/** Removes an order whose outcome is stored with the order. */
export function remove(account: PaperAccount, id: string): PaperAccount {
  const { [id]: _, ...working } = account.working;
  return { ...account, working };
}

/** US cents that can be spent: the cash less what working orders to buy may still cost. */
export function availableCash({ cash, working }: PaperAccount): number {
  const reserved = worksOn(working)
    .filter(({ side }) => side === 'buy')
    .map(({ limitPrice, quantity, filled }) => toCents(notional(Number(limitPrice), quantity - filled)));
  return reserved.reduce((rest, each) => rest - each, cash);
}

export function positionOf({ positions, working }: PaperAccount, symbol: string): Position {
  const quantity = positions[symbol] ?? OPENING_SHARES;
  const reserved = worksOn(working)
    .filter((order) => order.side === 'sell' && order.symbol === symbol)
    .map((order) => order.quantity - order.filled);
  return { symbol, quantity, available: reserved.reduce((rest, each) => rest - each, quantity) };
}

function worksOn(working: PaperAccount['working']): readonly BookedOrder[] {
  return Object.values(working).filter(({ outcome }) => outcome === undefined);
}

function withOrder(account: PaperAccount, id: string, order: BookedOrder): PaperAccount {
  return { ...account, working: { ...account.working, [id]: order } };
}

function reasonToReject(account: PaperAccount, order: PaperOrder): string | undefined {
  const { side, symbol, quantity, limitPrice } = order;
  if (side === 'sell') {
    const { available } = positionOf(account, symbol);
    if (quantity <= available) return undefined;
    return `${REJECTED}: insufficient quantity available: ${shares(quantity)} requested, ${shares(available)} available.`;
  }
  const needed = toCents(notional(Number(limitPrice), quantity));
  const cash = availableCash(account);
  if (needed <= cash) return undefined;
  return `${REJECTED}: insufficient buying power: needs ${usd(needed / 100)}, has ${usd(cash / 100)}.`;
}

const REJECTED = 'The broker rejected the order';

// Reads what the paper broker filled from the items of its table. The invariants and the tests compare it with what people
// were told.
import { OPENING_ACCOUNT } from '../domain/trading/paper-orders.ts';

export interface FilledOrder {
  readonly id: string;
  readonly side: string;
  readonly symbol: string;
  /** Shares. */
  readonly filled: number;
}

type Item = Readonly<Record<string, unknown>>;

/** Orders of which at least one share was filled. @param items of the ledger's table, unmarshalled */
export function filledOrders(items: readonly Item[]): readonly FilledOrder[] {
  return ordersIn(items).filter(({ filled }) => filled > 0);
}

/** Ids of the orders that work at the broker, and of those that were placed and that it has not looked at. */
export function openOrders(items: readonly Item[]): readonly string[] {
  return ordersIn(items)
    .filter(({ isOver }) => !isOver)
    .map(({ id }) => id);
}

/** Ids of the orders that have a reservation. */
export function openReservations(items: readonly Item[]): readonly string[] {
  const stored = items.find(({ account }) => account === 'reservations paper');
  return Object.keys(Object(stored?.['reservations']));
}

/** By how much the cash of the account differs from what its orders explain, in US cents. */
export function unexplainedCents(items: readonly Item[]): number {
  const cash = Number(accountIn(items)?.['cash'] ?? OPENING_ACCOUNT.cash);
  const paid = ordersIn(items).reduce((sum, { side, cost }) => sum + (side === 'buy' ? cost : -cost), 0);
  return cash - (OPENING_ACCOUNT.cash - paid);
}

function ordersIn(items: readonly Item[]) {
  const working = Object(accountIn(items)?.['working']);
  return items.flatMap(({ account, terms, outcome }) => {
    const id = /^paper-order (.*)/.exec(String(account))?.[1];
    if (id === undefined) return [];
    const { side, symbol } = Object(terms);
    const { filled = 0, cost = 0 } = Object(outcome ?? working[id]);
    return [{ id, side, symbol, filled, cost, isOver: outcome !== undefined && !(id in working) }];
  });
}

function accountIn(items: readonly Item[]): Item | undefined {
  return items.find(({ account }) => account === 'paper');
}

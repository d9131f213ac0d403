// An order at a broker, as every broker of this project describes it. The states that place, check and cancel orders use
// it, and a broker's adapter translates into it.
import type { TradeTerms } from './trade-terms.ts';

/** A limit order that a broker is asked to place. */
export interface NewOrder extends TradeTerms {
  /** Made of the execution and its approval alone, so that one approval has one order. The broker's client order id. */
  readonly id: string;
}

/**
 * `working`: it may still be filled. `filled`: completely. `cancelled` and `expired`: nothing more is filled, but a part may
 * have been.
 */
export type OrderStatus = 'working' | 'filled' | 'cancelled' | 'expired';

/** An order as a broker reports it. */
export interface Order extends Pick<
  TradeTerms,
  'side' | 'symbol' | 'quantity' | 'limitPrice' | 'timeInForce'
> {
  readonly id: string;
  readonly status: OrderStatus;
  /** Shares that were filled so far. */
  readonly filled: number;
  /** Mean price of what was filled, USD a share. Absent if nothing was. */
  readonly averagePrice?: number;
  /** ISO 8601. */
  readonly placedAt: string;
  /** When the last share was filled, ISO 8601. Absent if nothing was. */
  readonly filledAt?: string;
}

/** Cash and shares of an account, without the part that its open orders reserve. */
export interface AccountSummary {
  /** USD, open orders not subtracted. */
  readonly cash: number;
  /** USD that can be spent: the cash less what open orders to buy may cost. */
  readonly availableCash: number;
}

export interface Position {
  readonly symbol: string;
  /** Shares held. */
  readonly quantity: number;
  /** Shares that can be sold: those held less what open orders sell. */
  readonly available: number;
}

export function isWorking({ status }: Order): boolean {
  return status === 'working';
}

/** The filled part of an order, as the output of the execution records it. */
export interface Fill {
  /** The id of the order. */
  readonly id: string;
  readonly side: TradeTerms['side'];
  readonly symbol: string;
  /** Shares. */
  readonly quantity: number;
  /** Mean price, USD a share. */
  readonly price: number;
  /** When the last share was filled, ISO 8601. */
  readonly time: string;
}

/** Undefined if nothing was filled. */
export function fillOf({ id, side, symbol, filled, averagePrice, filledAt }: Order): Fill | undefined {
  if (filled === 0 || averagePrice === undefined || filledAt === undefined) return undefined;
  return { id, side, symbol, quantity: filled, price: averagePrice, time: filledAt };
}

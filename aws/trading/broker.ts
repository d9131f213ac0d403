// The port to a broker. The states of the trading workflow use it, and each broker implements it. Every implementation must
// pass `test/aws/trading/broker-contract.ts`.
import type { AccountSummary, NewOrder, Order, Position } from '../../domain/trading/orders.ts';
import type { MarketDay, Quote } from '../../domain/trading/market.ts';

export interface Broker {
  /** Returns the quote at that time, or undefined if there is none. */
  quote(symbol: string, at: Date): Promise<Quote | undefined>;
  /** Returns the day of the symbol until that time, or undefined if there is no quote. */
  day(symbol: string, at: Date): Promise<MarketDay | undefined>;
  /** When the market closes, ISO 8601. Undefined while it is closed. */
  closesAt(now: Date): Promise<string | undefined>;
  account(): Promise<AccountSummary>;
  /** The position of one symbol. A quantity of 0 if none is held. */
  position(symbol: string): Promise<Position>;
  /** All positions with shares, in alphabetical order. */
  positions(): Promise<readonly Position[]>;
  /**
   * Places the order. Idempotent by `id`: if the broker has an order of this id, returns it unchanged, whatever the other
   * members are. One request to the broker.
   * @throws OrderRejected if the broker has refused the order, and never places it under this request. Any other error
   * means that it is unknown whether the order was placed.
   * @param signal the broker is sent nothing after it is aborted. A frozen Lambda environment would otherwise go on with a
   * request minutes later.
   */
  place(order: NewOrder, signal?: AbortSignal): Promise<Order>;
  /** Returns undefined if the broker has no order of this id. */
  find(id: string): Promise<Order | undefined>;
  /**
   * Asks the broker to cancel the order. It may still be filled: read the order afterwards. No effect if the order is not
   * working or does not exist.
   */
  cancel(id: string): Promise<void>;
  /** Orders that work now. */
  openOrders(): Promise<readonly Order[]>;
}

/** The message is the broker's reason, for the requester. */
export class OrderRejected extends Error {
  override readonly name = 'OrderRejected';
}

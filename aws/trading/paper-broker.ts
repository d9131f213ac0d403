// The paper broker: a broker with one account in DynamoDB, which fills orders at the quotes of the simulated market. The
// states of the trading workflow use it while no other broker is configured.
//
// The account decides everything: an order is accepted, filled and ended by a conditional write of the account item, so all
// of it happens in one sequence. An outcome is then copied to the order's item, and removed from the account. Nothing runs
// in the background. Each look at an order brings it up to date, and also completes what an earlier worker did not.
import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { closesAt, marketDay, quotesOf } from '../../domain/trading/market.ts';
import { isWorking, type Order } from '../../domain/trading/orders.ts';
import { averagePrice, execute, type Fills } from '../../domain/trading/paper-execution.ts';
import {
  admit,
  availableCash,
  book,
  type BookedOrder,
  type Outcome,
  type PaperAccount,
  positionOf,
  remove,
} from '../../domain/trading/paper-orders.ts';
import { type Broker, OrderRejected } from './broker.ts';
import { marketEvents } from './market.ts';
import { paperItems, type StoredAccount, type StoredOrder } from './paper-items.ts';

/** In every try, another order changed the account between the read and the write. A later retry may succeed. */
export class BrokerBusy extends Error {
  override readonly name = 'BrokerBusy';
}

const MAX_TRIES = 8;
/** Upper bound of the random pause after the first try, in milliseconds. The bound doubles with each try. */
const BACKOFF_MS = 5;

/** An order that was brought up to date, and the account after it. */
interface Settled {
  /** Undefined if there is no order of this id. */
  readonly order?: Order | { readonly rejected: string };
  readonly stored: StoredAccount;
}

/** @param symbols `positions` lists them even if they were never traded */
export function paperBroker(
  client: DynamoDBClient,
  table: string,
  now: () => Date,
  symbols: readonly string[] = [],
): Broker {
  const items = paperItems(client, table);

  /** @param read the account, read before this call */
  async function settle(id: string, read?: StoredAccount): Promise<Settled> {
    let stored = read ?? (await items.account());
    let areOthersSettled = false;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const settled = await attempt(id, stored, areOthersSettled);
      if (settled === 'others first') {
        areOthersSettled = true;
        ({ stored } = await settleEach(stored));
        continue;
      }
      if (settled !== 'conflict') return settled;
      await pause(Math.random() * BACKOFF_MS * 2 ** tries);
      stored = await items.account();
    }
    throw new BrokerBusy(`The account changed in each of ${MAX_TRIES} tries to update the order ${id}.`);
  }

  /**
   * An order whose outcome was removed from the account has the outcome itself. It is read after the account, so an order with
   * an outcome in neither place is new.
   */
  async function attempt(
    id: string,
    read: StoredAccount,
    areOthersSettled: boolean,
  ): Promise<Settled | 'conflict' | 'others first'> {
    const order = await items.order(id);
    if (!order) return { stored: read };
    if (order.outcome) return finish(id, order, order.outcome, read);
    const admitted = read.account.working[id] ? read.account : admit(read.account, id, order);
    const isNew = admitted !== read.account;
    // Before the broker rejects it: another order may reserve what it no longer needs, because nobody looked since.
    if (isNew && admitted.working[id]?.outcome && !areOthersSettled) return 'others first';
    const next = await fill(id, order, admitted);
    const stored = next === read.account ? read : await items.save(next, read.revision);
    const booked = stored?.account.working[id];
    if (!stored || !booked) return 'conflict';
    if (!booked.outcome) return { order: toOrder(id, order, booked, 'working'), stored };
    await items.recordOutcome(id, booked.outcome, now());
    return finish(id, order, booked.outcome, stored);
  }

  /** Books what was filled by now. */
  async function fill(id: string, order: StoredOrder, account: PaperAccount): Promise<PaperAccount> {
    const booked = account.working[id];
    if (!booked || booked.outcome) return account;
    return book(account, id, execute(order, now(), await quotes(order.symbol), booked));
  }

  /** Removes an order from the account. Its outcome is stored with the order. */
  async function finish(
    id: string,
    order: StoredOrder,
    outcome: Outcome,
    { account, revision }: StoredAccount,
  ): Promise<Settled | 'conflict'> {
    const stored = account.working[id]
      ? await items.save(remove(account, id), revision)
      : { account, revision };
    return stored ? { order: ended(id, order, outcome), stored } : 'conflict';
  }

  async function quotes(symbol: string) {
    return quotesOf(symbol, await marketEvents(client, table, symbol));
  }

  /** Brings the orders of the account up to date. Returns those that still work, and the account after it. */
  async function settleEach(read: StoredAccount, which: (order: BookedOrder) => boolean = () => true) {
    let stored = read;
    const working: Order[] = [];
    for (const [id, booked] of Object.entries(read.account.working)) {
      if (!which(booked)) continue;
      const settled = await settle(id, stored);
      ({ stored } = settled);
      const { order } = settled;
      if (order && !('rejected' in order) && isWorking(order)) working.push(order);
    }
    return { working, stored };
  }

  async function currentAccount(which?: (order: BookedOrder) => boolean): Promise<PaperAccount> {
    return (await settleEach(await items.account(), which)).stored.account;
  }

  return {
    quote: async (symbol, at) => (await quotes(symbol))(at),
    day: async (symbol, at) => marketDay(symbol, at, await marketEvents(client, table, symbol)),
    closesAt: async (at) => closesAt(at).toISOString(),
    async account() {
      const account = await currentAccount();
      return { cash: account.cash / 100, availableCash: availableCash(account) / 100 };
    },
    async position(symbol) {
      const account = await currentAccount((order) => order.symbol === symbol);
      return positionOf(account, symbol);
    },
    async positions() {
      const account = await currentAccount();
      const traded = [
        ...Object.keys(account.positions),
        ...Object.values(account.working).map(({ symbol }) => symbol),
      ];
      return [...new Set([...symbols, ...traded])]
        .toSorted()
        .map((symbol) => positionOf(account, symbol))
        .filter(({ quantity }) => quantity > 0);
    },
    async place(order, signal) {
      await items.create(order.id, { ...order, placedAt: now().toISOString() }, signal);
      const placed = (await settle(order.id)).order;
      if (!placed) throw new Error(`The order ${order.id} was deleted from the table.`);
      if ('rejected' in placed) throw new OrderRejected(placed.rejected);
      return placed;
    },
    async find(id) {
      const { order } = await settle(id);
      return order && !('rejected' in order) ? order : undefined;
    },
    async cancel(id) {
      await items.cancel(id, now());
      // Also if the write had no effect: an earlier worker may have stopped after it.
      await settle(id);
    },
    openOrders: async () => (await settleEach(await items.account())).working,
  };
}

function ended(id: string, order: StoredOrder, outcome: Outcome) {
  return 'rejected' in outcome ? outcome : toOrder(id, order, outcome, outcome.status);
}

function toOrder(id: string, order: StoredOrder, fills: Fills, status: Order['status']): Order {
  const { side, symbol, quantity, limitPrice, timeInForce, placedAt } = order;
  const average = averagePrice(fills);
  return {
    id,
    side,
    symbol,
    quantity,
    limitPrice,
    timeInForce,
    status,
    filled: fills.filled,
    placedAt,
    ...(average !== undefined && { averagePrice: average }),
    ...(fills.filledAt !== undefined && { filledAt: fills.filledAt }),
  };
}

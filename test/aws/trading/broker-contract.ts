// The contract of the port `aws/trading/broker.ts`: the same tests for each broker. The test file of a broker calls it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, OrderRejected } from '../../../aws/trading/broker.ts';
import type { MarketEvent } from '../../../domain/trading/market.ts';
import type { NewOrder } from '../../../domain/trading/orders.ts';

/** A broker whose account has USD 1,000,000 and 1,000 AMZN, and no orders. */
export interface BrokerUnderTest {
  readonly broker: Broker;
  /** At least an hour before the market closes, when a test starts. */
  now(): Date;
  /** Moves the clock of the broker and of its market. */
  advance(seconds: number): Promise<void> | void;
  /** Changes the quotes of this symbol from now on. */
  tell(symbol: string, event: Omit<MarketEvent, 'since'>): Promise<void>;
  close(): Promise<void> | void;
}

const SYMBOL = 'AMZN';

export function brokerContract(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(`${name} keeps the contract of a broker`, () => {
    let tested: BrokerUnderTest;
    let broker: Broker;

    beforeEach(async () => {
      tested = await start();
      ({ broker } = tested);
    });

    afterEach(() => tested.close());

    const quote = async () => {
      const found = await broker.quote(SYMBOL, tested.now());
      if (!found) throw new Error('There is no quote.');
      return found;
    };
    /** @param distance of the limit from the price, as a fraction. Positive: the order is marketable. */
    const order = async (
      id: string,
      distance: number,
      differences: Partial<NewOrder> = {},
    ): Promise<NewOrder> => {
      const { price } = await quote();
      const sign = differences.side === 'sell' ? -1 : 1;
      return {
        id,
        version: 2,
        side: 'buy',
        symbol: SYMBOL,
        quantity: 10,
        limitPrice: (price * (1 + sign * distance)).toFixed(2),
        timeInForce: 'day',
        account: 'paper',
        ...differences,
      };
    };
    const place = async (...args: Parameters<typeof order>) => broker.place(await order(...args));

    it('knows the day of a symbol until now', async () => {
      const now = tested.now();
      const { price } = await quote();
      const day = await broker.day(SYMBOL, now);
      expect(day?.low).toBeLessThanOrEqual(price);
      expect(day?.high).toBeGreaterThanOrEqual(price);
      expect(day?.previousClose).toBeGreaterThan(0);
      expect(day?.lastHour.length).toBeLessThanOrEqual(20);
      expect(day?.lastHour.at(-1)?.price).toBe(price);
      const times = day?.lastHour.map(({ at }) => at) ?? [];
      expect(times).toEqual(times.toSorted());
    });

    it('fills a marketable order at once, at the ask', async () => {
      const { ask } = await quote();
      const asked = await order('a', 0.05);
      const { side, symbol, quantity, limitPrice, timeInForce } = asked;
      const at = tested.now().toISOString();
      expect(await broker.place(asked)).toEqual({
        id: 'a',
        side,
        symbol,
        quantity,
        limitPrice,
        timeInForce,
        status: 'filled',
        filled: 10,
        averagePrice: ask,
        placedAt: at,
        filledAt: at,
      });
      expect(await broker.position(SYMBOL)).toEqual({ symbol: SYMBOL, quantity: 1_010, available: 1_010 });
      const cash = 1_000_000 - ask * 10;
      const account = await broker.account();
      expect(account.cash).toBeCloseTo(cash, 6);
      expect(account.availableCash).toBeCloseTo(cash, 6);
    });

    it('fills an order to sell at the bid', async () => {
      const { bid } = await quote();
      expect(await place('a', 0.05, { side: 'sell' })).toMatchObject({ status: 'filled', averagePrice: bid });
      expect(await broker.position(SYMBOL)).toEqual({ symbol: SYMBOL, quantity: 990, available: 990 });
      expect((await broker.account()).cash).toBeCloseTo(1_000_000 + bid * 10, 6);
    });

    it('places an order of one id once, whatever the second one asks', async () => {
      const first = await place('a', 0.05);
      expect(await place('a', 0.05)).toEqual(first);
      expect(await place('a', 0.01, { quantity: 20, side: 'sell' })).toEqual(first);
      expect((await broker.position(SYMBOL)).quantity).toBe(1_010);
    });

    it('places an order of one id once if several workers place it at the same time', async () => {
      const asked = await order('a', 0.05);
      const [first, ...others] = await Promise.all([1, 2, 3].map(() => broker.place(asked)));
      for (const other of others) expect(other).toEqual(first);
      expect((await broker.position(SYMBOL)).quantity).toBe(1_010);
    });

    it('finds an order by its id', async () => {
      expect(await broker.find('a')).toBeUndefined();
      const placed = await place('a', 0.05);
      expect(await broker.find('a')).toEqual(placed);
      expect(await broker.find('b')).toBeUndefined();
    });

    it('holds an order until the market reaches its limit', async () => {
      const resting = await place('a', -0.1);
      expect(resting).toMatchObject({ status: 'working', filled: 0 });
      expect(resting).not.toHaveProperty('averagePrice');
      expect(resting).not.toHaveProperty('filledAt');
      await tested.advance(120);
      expect(await broker.find('a')).toEqual(resting);
      await tested.tell(SYMBOL, { factor: 0.8 });
      await tested.advance(60);
      const filled = await broker.find('a');
      expect(filled).toMatchObject({ status: 'filled', filled: 10, placedAt: resting.placedAt });
      expect(filled?.averagePrice).toBeLessThanOrEqual(Number(resting.limitPrice));
      expect((await broker.position(SYMBOL)).quantity).toBe(1_010);
    });

    it('fills an order in parts if few shares trade', async () => {
      await tested.tell(SYMBOL, { shares: 4 });
      expect(await place('a', 0.05)).toMatchObject({ status: 'working', filled: 4 });
      expect(await broker.position(SYMBOL)).toEqual({ symbol: SYMBOL, quantity: 1_004, available: 1_004 });
      await tested.advance(60);
      expect(await broker.find('a')).toMatchObject({ status: 'working', filled: 8 });
      await tested.advance(60);
      expect(await broker.find('a')).toMatchObject({ status: 'filled', filled: 10 });
      await tested.advance(600);
      expect((await broker.position(SYMBOL)).quantity).toBe(1_010);
    });

    it('cancels an order that rests', async () => {
      await place('a', -0.1);
      await broker.cancel('a');
      expect(await broker.find('a')).toMatchObject({ status: 'cancelled', filled: 0 });
      await tested.tell(SYMBOL, { factor: 0.8 });
      await tested.advance(120);
      expect(await broker.find('a')).toMatchObject({ status: 'cancelled', filled: 0 });
      expect(await broker.account()).toEqual({ cash: 1_000_000, availableCash: 1_000_000 });
    });

    it('keeps the part that was filled before an order was cancelled', async () => {
      await tested.tell(SYMBOL, { shares: 4 });
      await place('a', 0.05);
      await broker.cancel('a');
      await broker.cancel('a');
      await tested.advance(120);
      expect(await broker.find('a')).toMatchObject({ status: 'cancelled', filled: 4 });
      expect((await broker.position(SYMBOL)).quantity).toBe(1_004);
      expect(await broker.openOrders()).toEqual([]);
    });

    it('cancels nothing of an order that was filled, even if nobody looked since', async () => {
      const placed = await place('a', 0.05);
      await broker.cancel('a');
      expect(await broker.find('a')).toEqual(placed);
      await place('b', -0.1);
      await tested.tell(SYMBOL, { factor: 0.8 });
      await tested.advance(60);
      await broker.cancel('b');
      expect(await broker.find('b')).toMatchObject({ status: 'filled', filled: 10 });
    });

    it('ignores the cancellation of an order that does not exist', async () => {
      await broker.cancel('a');
      expect(await broker.find('a')).toBeUndefined();
      expect(await place('a', 0.05)).toMatchObject({ status: 'filled' });
    });

    it('expires a day order when the market closes', async () => {
      await tested.tell(SYMBOL, { shares: 4 });
      await place('part', 0.05);
      await place('rests', -0.2);
      await tested.tell(SYMBOL, { shares: 0 });
      const close = Date.parse((await broker.closesAt(tested.now())) ?? '');
      await tested.advance((close - tested.now().getTime()) / 1_000 - 1);
      expect((await broker.openOrders()).map(({ id }) => id).toSorted()).toEqual(['part', 'rests']);
      await tested.advance(1);
      expect(await broker.openOrders()).toEqual([]);
      expect(await broker.find('part')).toMatchObject({ status: 'expired', filled: 4 });
      expect(await broker.find('rests')).toMatchObject({ status: 'expired', filled: 0 });
      const { cash, availableCash } = await broker.account();
      expect(availableCash).toBe(cash);
    });

    it('cancels what an immediate-or-cancel order does not fill at once', async () => {
      await tested.tell(SYMBOL, { shares: 4 });
      const part = await place('a', 0.05, { timeInForce: 'ioc' });
      expect(part).toMatchObject({ status: 'cancelled', filled: 4, timeInForce: 'ioc' });
      expect(await place('b', -0.1, { timeInForce: 'ioc' })).toMatchObject({
        status: 'cancelled',
        filled: 0,
      });
      await tested.advance(120);
      expect(await broker.find('a')).toEqual(part);
      expect((await broker.position(SYMBOL)).quantity).toBe(1_004);
    });

    it('rejects an order that the account cannot pay for, and has no such order', async () => {
      const dear = await order('a', 0.05, { quantity: 1_000_000 });
      await expect(broker.place(dear)).rejects.toThrow(OrderRejected);
      await expect(broker.place(dear)).rejects.toThrow(/buying power/);
      expect(await broker.find('a')).toBeUndefined();
      await broker.cancel('a');
      expect(await broker.account()).toEqual({ cash: 1_000_000, availableCash: 1_000_000 });
    });

    it('reserves the cash that open orders to buy may cost', async () => {
      const { limitPrice } = await place('a', -0.1);
      const { cash, availableCash } = await broker.account();
      expect(cash).toBe(1_000_000);
      expect(availableCash).toBeCloseTo(1_000_000 - Number(limitPrice) * 10, 6);
      const most = Math.floor(1_000_000 / Number(limitPrice));
      await expect(place('b', -0.1, { limitPrice, quantity: most })).rejects.toThrow(OrderRejected);
      await broker.cancel('a');
      expect(await place('c', -0.1, { limitPrice, quantity: most })).toMatchObject({ status: 'working' });
    });

    it('reserves the shares that open orders sell: the last ones are sold once', async () => {
      await place('a', -0.1, { side: 'sell', quantity: 996 });
      expect(await broker.position(SYMBOL)).toEqual({ symbol: SYMBOL, quantity: 1_000, available: 4 });
      await expect(place('b', 0.05, { side: 'sell' })).rejects.toThrow(/available/);
      expect(await place('c', 0.05, { side: 'sell', quantity: 4 })).toMatchObject({ status: 'filled' });
      expect(await broker.position(SYMBOL)).toEqual({ symbol: SYMBOL, quantity: 996, available: 0 });
    });

    it('sells the last shares once if two workers sell them at the same time', async () => {
      const orders = await Promise.all(
        ['a', 'b'].map((id) => order(id, 0.05, { side: 'sell', quantity: 600 })),
      );
      const placed = await Promise.allSettled(orders.map((each) => broker.place(each)));
      expect(placed.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await broker.position(SYMBOL)).quantity).toBe(400);
    });

    it('frees at the close what an order reserved, even if nobody looked since', async () => {
      await place('a', -0.1, { side: 'sell', quantity: 1_000 });
      const close = Date.parse((await broker.closesAt(tested.now())) ?? '');
      await tested.advance((close - tested.now().getTime()) / 1_000);
      expect(await place('b', 0.05, { side: 'sell', quantity: 1_000 })).toMatchObject({ status: 'filled' });
    });

    it('lists the orders that work', async () => {
      expect(await broker.openOrders()).toEqual([]);
      const resting = await place('a', -0.1);
      await place('b', 0.05);
      const selling = await place('c', -0.1, { side: 'sell' });
      await place('d', -0.1);
      await broker.cancel('d');
      const open = (await broker.openOrders()).toSorted((one, other) => (one.id < other.id ? -1 : 1));
      expect(open).toEqual([resting, selling]);
    });

    it('lists the positions with shares in alphabetical order', async () => {
      await place('a', 0.05);
      const { ask = 0 } = (await broker.quote('AAPL', tested.now())) ?? {};
      const limitPrice = (ask * 1.05).toFixed(2);
      await place('b', 0.05, { symbol: 'AAPL', limitPrice, quantity: 1 });
      const symbols = (await broker.positions()).map(({ symbol }) => symbol);
      expect(symbols).toEqual(symbols.toSorted());
      expect(symbols).toEqual(expect.arrayContaining(['AAPL', SYMBOL]));
      await place('c', 0.05, { side: 'sell', quantity: 1_010 });
      expect((await broker.positions()).map(({ symbol }) => symbol)).not.toContain(SYMBOL);
    });

    it('has no quote if the market has none', async () => {
      await tested.tell(SYMBOL, { hasNoQuote: true });
      expect(await broker.quote(SYMBOL, tested.now())).toBeUndefined();
    });
  });
}

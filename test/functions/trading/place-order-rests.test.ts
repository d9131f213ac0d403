// Tests orders that the broker does not fill completely at once: they work at the broker, and the execution waits.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../../domain/trading/orders.ts';
import {
  after,
  idOf,
  immediately,
  NOW,
  sale,
  startBroker,
  terms,
  type TestBroker,
} from './approved-trade.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
  await broker.price(186.1);
});

afterEach(() => broker.close());

const orders = async () => Object.keys(await broker.stored()).filter((key) => key.startsWith('paper-order '));
const withClose = (closesAt: string | undefined) => ({
  broker: { ...broker.broker, closesAt: async () => closesAt },
});

describe('an order that is not marketable', () => {
  it('is placed, rests, and has no result yet', async () => {
    const input = await broker.approve();
    expect(await broker.run('buy', input)).toEqual({
      ...input.Input,
      order: {
        id: idOf(input),
        workUntil: '2026-11-02T10:20:30.000Z',
        looks: 0,
        filled: 0,
        next: 'wait',
        waitSeconds: 5,
      },
    });
    expect(await broker.broker.find(idOf(input))).toMatchObject({ status: 'working', filled: 0 });
    expect(await broker.reservations.get(idOf(input))).toMatchObject({
      executionArn: input.ExecutionId,
      quantity: 10,
      limitPrice: '184.50',
    });
  });

  it('is published as progress, with a button to cancel it', async () => {
    const input = await broker.approve();
    await broker.run('buy', input);
    expect(broker.published).toEqual([
      {
        ExecutionId: input.ExecutionId,
        At: NOW.toISOString(),
        Input: {
          progress: {
            text: 'The order to buy 10 AMZN at USD 184.50 or less is at the broker. What is not filled by 10:20 UTC is cancelled.',
            emoji: ':hourglass_flowing_sand:',
            button: {
              label: 'Cancel order',
              action: 'trade-cancel-order',
              confirm: 'What was filled stays. What is not filled is cancelled within a minute.',
            },
          },
        },
      },
    ]);
  });

  it('says “or more” of a sale', async () => {
    await broker.price(178);
    await broker.run('sell', await broker.approve({ terms: sale, input: { terms: sale, side: 'sell' } }));
    expect(broker.published[0]?.Input.progress?.text).toMatch(
      /^The order to sell 10 AMZN at USD 180\.50 or more /,
    );
  });

  it('is not looked at again before the execution waits', async () => {
    const pauses: number[] = [];
    await broker.run('buy', await broker.approve(), { pause: async (each) => pauses.push(each) });
    expect(pauses).toEqual([]);
  });

  it('is found again by a retried state, which returns the same', async () => {
    const input = await broker.approve();
    const first = await broker.run('buy', input);
    broker.advance(3);
    expect(await broker.run('buy', input)).toEqual(first);
    // The market and the limits do not matter for an order that was sent.
    await broker.price(400);
    const limits = { symbols: [], restricted: ['AMZN'], maxAmount: 1 };
    expect(await broker.run('buy', input, { limits })).toEqual(first);
    expect(await orders()).toHaveLength(1);
  });

  it('is reported by a retried state if it was filled meanwhile', async () => {
    const input = await broker.approve();
    await broker.run('buy', input);
    await broker.nextPrice(184);
    broker.advance(60);
    expect(await broker.run('buy', input)).toMatchObject({
      fill: { quantity: 10, price: 184.02 },
      result: { outcome: 'done' },
    });
    expect(await broker.reservations.get(idOf(input))).toBeUndefined();
  });
});

describe('an order of which a part is filled at once', () => {
  beforeEach(() => broker.price({ price: 182.2, shares: 4 }));

  it('rests with the other part', async () => {
    const input = await broker.approve();
    const output = await broker.run('buy', input);
    expect(output).toMatchObject({ order: { filled: 4, next: 'wait' } });
    expect(output).not.toHaveProperty('result');
    expect(broker.published[0]?.Input.progress?.text).toBe(
      'Bought 4 of 10 AMZN at USD 182.22. The other 6 are cancelled if they are not filled at USD 184.50 or less by 10:20 UTC.',
    );
    expect(await broker.bought()).toBe(4);
  });

  it('is over if it is immediate or cancel', async () => {
    const input = await broker.approve(immediately());
    expect(await broker.run('buy', input)).toMatchObject({
      fill: { quantity: 4, price: 182.22 },
      result: {
        outcome: 'partly',
        label: 'Partly filled',
        text: 'Bought 4 of 10 AMZN at USD 182.22, total USD 728.88. The other 6 could not be filled at once and were cancelled. Slippage: USD 0.08 more in total than at USD 182.20 (1.1 bps).',
      },
    });
    expect(broker.published).toEqual([]);
    expect(await broker.reservations.totals(NOW)).toEqual({ orderedCents: 4 * 18_450, orders: 1 });
  });
});

describe('a broker that fills a marketable order a moment later', () => {
  beforeEach(() => broker.price(182.2));

  /** @param looks until the broker says that the order is filled */
  async function filledAfter(looks: number) {
    const [pauses, input] = [[] as number[], await broker.approve()];
    let left = looks;
    const unfilled = (order: Order): Order => {
      const { averagePrice: _price, filledAt: _at, ...others } = order;
      return { ...others, status: 'working', filled: 0 };
    };
    const slow: TestBroker['broker'] = {
      ...broker.broker,
      place: async (...order) => unfilled(await broker.broker.place(...order)),
      find: async (id) => {
        const order = await broker.broker.find(id);
        return order && left-- > 0 ? unfilled(order) : order;
      },
    };
    const output = await broker.run('buy', input, { broker: slow, pause: async (each) => pauses.push(each) });
    return { output, pauses };
  }

  it('is looked at again, so that the execution need not wait', async () => {
    const { output, pauses } = await filledAfter(1);
    expect(pauses).toEqual([300, 1_000]);
    expect(output.result?.outcome).toBe('done');
    expect(broker.published).toEqual([]);
  });

  it('is looked at three times at most', async () => {
    const { output, pauses } = await filledAfter(3);
    expect(pauses).toEqual([300, 1_000, 2_000]);
    expect(output.order).toMatchObject({ next: 'wait', filled: 0 });
  });
});

describe('an order under our id with other terms', () => {
  const others: readonly [string, object][] = [
    ['quantity', { quantity: 9 }],
    ['limitPrice', { limitPrice: '184.49' }],
    ['timeInForce', { timeInForce: 'ioc' }],
    ['symbol', { symbol: 'NVDA' }],
    ['side', { side: 'sell' }],
    ['side and quantity', { side: 'sell', quantity: 11 }],
  ];

  it.each(others)('is an error that names the %s', async (names, differences) => {
    const input = await broker.approve();
    const id = idOf(input);
    await broker.broker.place({ ...terms, ...differences, id });
    const error = {
      name: 'OrderMismatch',
      message: `The broker has an order with the id ${id} whose ${names} differ from what was approved. Look at this order in the broker's account.`,
    };
    await expect(broker.run('buy', input)).rejects.toMatchObject(error);
    const working = after(input, {
      ...input.Input,
      order: { workUntil: '2026-11-02T10:20:30.000Z', looks: 0, filled: 0 },
    });
    await expect(broker.check(working)).rejects.toMatchObject(error);
    await expect(broker.cancel(working)).rejects.toMatchObject(error);
    expect(broker.published).toEqual([]);
  });

  it.each(others)(
    'is an error if only the broker answers with it, because the look-up missed it: %s',
    async (_, differences) => {
      const input = await broker.approve();
      await broker.broker.place({ ...terms, ...differences, id: idOf(input) });
      const find = async () => undefined;
      await expect(broker.run('buy', input, { broker: { ...broker.broker, find } })).rejects.toMatchObject({
        name: 'OrderMismatch',
      });
      expect(broker.published).toEqual([]);
    },
  );

  it('is an error if it is found while an order is given up', async () => {
    const input = await broker.approve(immediately());
    await broker.broker.place({ ...terms, quantity: 9, id: idOf(input) });
    let looks = 0;
    const find: TestBroker['broker']['find'] = async (id) =>
      looks++ === 0 ? undefined : broker.broker.find(id);
    await expect(broker.run('buy', input, { broker: { ...broker.broker, find } })).rejects.toMatchObject({
      name: 'OrderMismatch',
    });
    expect(await broker.reservations.outcome(idOf(input))).toBeUndefined();
  });
});

describe('the close of the market', () => {
  it('is not waited for: no order is sent while the market is closed', async () => {
    const input = await broker.approve({ input: { limitPrice: '184.50' } });
    const { result, order } = await broker.run('buy', input, withClose(undefined));
    expect(order).toBeUndefined();
    expect(result).toEqual({
      outcome: 'unfilled',
      label: 'Not filled',
      text: 'The market is closed. No order was sent.',
      resubmit: {
        label: 'Resubmit',
        input: { symbol: 'AMZN', quantity: 10, side: 'buy', timeInForce: 'day', limitPrice: '184.50' },
      },
    });
    expect(await orders()).toEqual([]);
  });

  it('ends the work of an order a minute before', async () => {
    const { order } = await broker.run('buy', await broker.approve(), withClose('2026-11-02T10:10:30.000Z'));
    expect(order).toMatchObject({ workUntil: '2026-11-02T10:09:30.000Z', next: 'wait', waitSeconds: 5 });
    expect(broker.published[0]?.Input.progress?.text).toContain('What is not filled by 10:09 UTC');
  });

  it('shortens the first wait', async () => {
    const { order } = await broker.run('buy', await broker.approve(), withClose('2026-11-02T10:06:32.000Z'));
    expect(order).toMatchObject({ workUntil: '2026-11-02T10:05:32.000Z', next: 'wait', waitSeconds: 2 });
  });

  it('lets an order be cancelled at once in the last minute', async () => {
    const { order } = await broker.run('buy', await broker.approve(), withClose('2026-11-02T10:06:30.000Z'));
    expect(order).toMatchObject({ next: 'cancel' });
  });

  it('lets an order be cancelled at once that a retried state finds after it', async () => {
    const input = await broker.approve();
    await broker.run('buy', input);
    broker.advance(3);
    expect((await broker.run('buy', input, withClose(undefined))).order).toMatchObject({ next: 'cancel' });
  });
});

// Tests the state Cancel Order: an order is over when it returns, and what was filled before is reported.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cancelOrder } from '../../../functions/trading/cancel-order.ts';
import { after, idOf, retried, startBroker, type StateInput, type TestBroker } from './approved-trade.ts';
import { everyCrash } from './crashes.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
  await broker.price(186.1);
});

afterEach(() => broker.close());

async function rested(): Promise<StateInput> {
  const input = await broker.approve();
  return after(input, await broker.run('buy', input));
}

/** The input of Cancel Order after somebody asked for it. */
async function requested(input: StateInput): Promise<StateInput> {
  await broker.reservations.requestCancel(idOf(input), { by: 'U0BEN', at: broker.clock.now.toISOString() });
  return after(input, await broker.check(input));
}

const totals = () => broker.reservations.totals(broker.clock.now);

describe('an order whose time is over', () => {
  it('is cancelled, and can be resubmitted at the price of now', async () => {
    const input = await rested();
    broker.advance(900);
    const output = await broker.cancel(input);
    expect(output.order).toBeUndefined();
    expect(output.result).toEqual({
      outcome: 'unfilled',
      label: 'Not filled',
      text: 'The price moved from USD 182.20 to USD 186.10: the ask of USD 186.12 was above the limit of USD 184.50. No order is open.',
      resubmit: {
        label: 'Resubmit, limit 187.99',
        input: { symbol: 'AMZN', quantity: 10, side: 'buy', timeInForce: 'day', limitPrice: '187.99' },
      },
    });
    expect(await broker.broker.find(idOf(input))).toMatchObject({ status: 'cancelled', filled: 0 });
    expect(await broker.reservations.get(idOf(input))).toBeUndefined();
    expect(await totals()).toEqual({ orderedCents: 0, orders: 1 });
    await broker.nextPrice(182.2);
    broker.advance(60);
    expect(await broker.bought()).toBe(0);
  });

  it('is cancelled also if it would fill now, but found no shares', async () => {
    const input = await rested();
    await broker.nextPrice({ price: 184, shares: 0 });
    broker.advance(900);
    expect((await broker.cancel(input)).result).toEqual({
      outcome: 'unfilled',
      label: 'Not filled',
      text: 'The order was not filled in time and was cancelled.',
      resubmit: {
        label: 'Resubmit',
        input: { symbol: 'AMZN', quantity: 10, side: 'buy', timeInForce: 'day' },
      },
    });
  });

  it('keeps the part that was filled', async () => {
    const input = await rested();
    await broker.nextPrice({ price: 184, shares: 4 });
    broker.advance(60);
    expect(await broker.cancel(input)).toMatchObject({
      fill: { quantity: 4, price: 184.02 },
      result: {
        outcome: 'partly',
        label: 'Partly filled',
        text: expect.stringMatching(
          /^Bought 4 of 10 AMZN at USD 184\.02, total USD 736\.08\. The other 6 were not filled in time and were cancelled\. /,
        ),
      },
    });
    expect(await broker.bought()).toBe(4);
    expect(await totals()).toMatchObject({ orderedCents: 4 * 18_450 });
  });
});

describe('an order that a person wants to cancel', () => {
  it('says so', async () => {
    const input = await requested(await rested());
    expect((await broker.cancel(input)).result).toEqual({
      outcome: 'unfilled',
      label: 'Not filled',
      text: 'The order was cancelled on request.',
    });
  });

  it('says so also if the request came after the last look', async () => {
    const input = await rested();
    await requested(input);
    expect((await broker.cancel(input)).result?.text).toMatch(/^The order was cancelled on request\./);
  });

  it('says so of the part that was not filled', async () => {
    const input = await rested();
    await broker.nextPrice({ price: 184, shares: 4 });
    broker.advance(60);
    expect((await broker.cancel(await requested(input))).result?.text).toContain(
      'The other 6 were cancelled on request.',
    );
  });
});

describe('a cancellation that crosses a fill', () => {
  it.each([
    ['the whole order', undefined, 10, 'done'],
    ['a part of it', 4, 4, 'partly'],
  ])('reports the fill of %s', async (_, shares, filled, outcome) => {
    const input = await rested();
    const cancel = async (id: string) => {
      await broker.nextPrice({ price: 184, ...(shares && { shares }) });
      broker.advance(60);
      await broker.broker.cancel(id);
    };
    const output = await broker.cancel(input, { broker: { ...broker.broker, cancel } });
    expect(output).toMatchObject({ fill: { quantity: filled }, result: { outcome } });
    expect(await broker.bought()).toBe(filled);
    expect(await broker.reservations.get(idOf(input))).toBeUndefined();
  });

  it('does not cancel an order that is filled already', async () => {
    const input = await rested();
    await broker.nextPrice(184);
    broker.advance(60);
    const cancelled: string[] = [];
    const cancel = async (id: string) => void cancelled.push(id);
    const output = await broker.cancel(input, { broker: { ...broker.broker, cancel } });
    expect(output.result?.outcome).toBe('done');
    expect(cancelled).toEqual([]);
  });
});

it('an order that the broker does not end yet has no result, and is tried again', async () => {
  const input = await rested();
  const slow = { broker: { ...broker.broker, cancel: async () => {} } };
  await expect(broker.cancel(input, slow)).rejects.toMatchObject({
    name: 'OrderNotOver',
    message: 'The broker has not cancelled the order yet.',
  });
  expect(await broker.reservations.get(idOf(input))).toBeDefined();
  expect((await broker.cancel(input)).result?.outcome).toBe('unfilled');
});

describe('a worker that is ended right before or after any of its calls', () => {
  it.each([
    ['time', rested, 'The price moved from USD 182.20 to USD 186.10'],
    ['a person', async () => requested(await rested()), 'The order was cancelled on request.'],
  ])('the retried state ends in the same way: cancelled because of %s', async (_, prepare, text) => {
    const calls = await everyCrash(async (crash) => {
      const input = await prepare();
      const { dependencies, hasCrashed } = broker.worker(crash);
      await cancelOrder(dependencies)(input).catch(() => {});
      const output = await retried(broker, () => broker.cancel(input));
      expect(output.result?.text).toContain(text);
      expect(await broker.reservations.get(idOf(input))).toBeUndefined();
      expect(await broker.broker.find(idOf(input))).toMatchObject({ status: 'cancelled' });
      return { hasCrashed: hasCrashed() };
    });
    expect(calls).toBeGreaterThan(8);
    expect(await totals()).toMatchObject({ orderedCents: 0 });
  });
});

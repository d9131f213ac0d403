// Tests how Buy Stock and Sell Stock give up an order, whenever the worker is ended: there is one result, and no order.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrderRejected } from '../../../aws/trading/broker.ts';
import type { Result } from '../../../domain/approval.ts';
import { approvedOrder } from '../../../functions/trading/approved-order.ts';
import { giveUpOrder } from '../../../functions/trading/give-up-order.ts';
import { placeOrder } from '../../../functions/trading/place-order.ts';
import {
  idOf,
  immediately,
  retried,
  startBroker,
  type StateInput,
  terms,
  type TestBroker,
} from './approved-trade.ts';
import { everyCrash } from './crashes.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
});

afterEach(() => broker.close());

const RESULT: Result = { outcome: 'unfilled', label: 'Not filled', text: 'Because.' };

async function giveUp(input: StateInput, result = RESULT, lease?: string) {
  const approved = await approvedOrder(input, broker.approvals);
  return giveUpOrder(approved, result, broker.dependencies, lease);
}

/** Reserves the order, as a worker does right before it sends it. */
async function reserve(input: StateInput) {
  const reserved = await broker.reservations.reserve(
    { ...terms, id: idOf(input), executionArn: input.ExecutionId, approvalId: 'approval-00c0ffee00c0ffee' },
    {
      redriveCount: input.RedriveCount,
      now: broker.clock.now,
      available: async () => ({ cash: 1_000_000, shares: 1_000, known: [] }),
    },
  );
  if ('refused' in reserved) throw new Error(reserved.refused);
  return reserved;
}

/** Nothing is left of the order but its result. */
async function leftOf(input: StateInput) {
  const id = idOf(input);
  return {
    outcome: await broker.reservations.outcome(id),
    reservation: await broker.reservations.get(id),
    order: await broker.broker.find(id),
    totals: (await broker.reservations.totals(broker.clock.now)).orderedCents,
  };
}
const NOTHING_LEFT = { reservation: undefined, order: undefined, totals: 0 };

describe('giveUpOrder', () => {
  it('stores the result, and keeps the first one', async () => {
    const input = await broker.approve();
    expect(await giveUp(input)).toEqual({ ...input.Input, result: RESULT });
    expect(await giveUp(input, { ...RESULT, text: 'Later.' })).toEqual({ ...input.Input, result: RESULT });
    expect(await leftOf(input)).toEqual({ ...NOTHING_LEFT, outcome: RESULT });
  });

  it('has no result while another worker may send the order', async () => {
    const input = await broker.approve();
    const { sendBy } = await reserve(input);
    await expect(giveUp(input)).rejects.toMatchObject({
      name: 'OrderUnknown',
      message: `Another worker may send the order until ${sendBy}.`,
    });
    expect(await broker.reservations.outcome(idOf(input))).toBeUndefined();
    broker.advance(20);
    expect(await giveUp(input)).toMatchObject({ result: RESULT });
    expect(await leftOf(input)).toEqual({ ...NOTHING_LEFT, outcome: RESULT });
  });

  it('does not wait for the lease of the worker itself, but for that of any other', async () => {
    const input = await broker.approve();
    const { sendBy } = await reserve(input);
    await expect(giveUp(input, RESULT, '2026-11-02T10:05:49.000Z')).rejects.toMatchObject({
      name: 'OrderUnknown',
    });
    expect(await giveUp(input, RESULT, sendBy)).toMatchObject({ result: RESULT });
    expect(await leftOf(input)).toEqual({ ...NOTHING_LEFT, outcome: RESULT });
  });

  it('leaves the order to a later run of the execution that reserved it', async () => {
    const input = await broker.approve();
    await reserve({ ...input, RedriveCount: 1 });
    broker.advance(21);
    await expect(giveUp(input)).rejects.toMatchObject({
      name: 'OrderUnknown',
      message: 'The order cannot be given up now: taken_over.',
    });
    expect(await broker.reservations.outcome(idOf(input))).toBeUndefined();
    expect(await broker.reservations.get(idOf(input))).toBeDefined();
  });

  it('reports the order that another worker had sent', async () => {
    const input = await broker.approve();
    const { sendBy } = await reserve(input);
    await broker.broker.place({ ...terms, id: idOf(input) });
    expect(await giveUp(input, RESULT, sendBy)).toMatchObject({ result: { outcome: 'done' } });
    expect(await broker.reservations.outcome(idOf(input))).toBeUndefined();
  });
});

describe('an order that the broker rejects', () => {
  const text = 'The broker rejected the order: AMZN is halted.';
  const rejecting = () => {
    const place = () => Promise.reject(new OrderRejected(text));
    return { broker: { ...broker.broker, place } };
  };

  it('has a result at once, in the words of the broker', async () => {
    const input = await broker.approve();
    const result = { outcome: 'unfilled', label: 'Rejected', text };
    const output = await broker.run('buy', input, rejecting());
    expect(output).toEqual({ ...input.Input, result });
    expect(await leftOf(input)).toEqual({ ...NOTHING_LEFT, outcome: result });
    expect(await broker.run('buy', input)).toEqual(output);
  });

  it('has one result and no order, whenever the worker is ended', async () => {
    const texts = new Set<string | undefined>();
    await everyCrash(async (crash) => {
      const input = await broker.approve();
      const { dependencies, guard, hasCrashed } = broker.worker(crash);
      const place = () => guard(() => Promise.reject(new OrderRejected(text)));
      await placeOrder('buy', { ...dependencies, broker: { ...dependencies.broker, place } })(input).catch(
        () => {},
      );
      const output = await retried(broker, () => broker.run('buy', input, rejecting()));
      expect(output.result?.outcome).toBe('unfilled');
      texts.add(output.result?.text);
      expect(await leftOf(input)).toEqual({ ...NOTHING_LEFT, outcome: output.result });
      return { hasCrashed: hasCrashed() };
    });
    // A worker that was ended while it gave up the order did not store the broker's words.
    expect(texts).toEqual(new Set([text, 'The order was not placed.']));
  });
});

it('an order that is given up ends in the same way, whenever the worker is ended', async () => {
  await broker.price(186.1);
  const calls = await everyCrash(async (crash) => {
    const input = await broker.approve(immediately());
    const { dependencies, hasCrashed } = broker.worker(crash);
    await placeOrder('buy', dependencies)(input).catch(() => {});
    const output = await retried(broker, () => broker.run('buy', input));
    expect(output).toEqual({ ...input.Input, result: expect.objectContaining({ outcome: 'unfilled' }) });
    expect(output.result?.text).toMatch(/^The price moved from USD 182\.20 to USD 186\.10/);
    expect(await leftOf(input)).toEqual({ ...NOTHING_LEFT, outcome: output.result });
    return { hasCrashed: hasCrashed() };
  });
  expect(calls).toBeGreaterThan(12);
});

it.each<[string, number, number, object]>([
  ['filled', 182.2, 10, { result: { outcome: 'done' } }],
  ['placed, and works', 186.1, 0, { order: { next: 'wait', filled: 0 } }],
])('an order that is %s is there once, whenever the worker is ended', async (_, price, shares, expected) => {
  await broker.price(price);
  await broker.setAccount({ cash: 1_000_000_000 });
  const calls = await everyCrash(async (crash) => {
    const input = await broker.approve();
    const before = await broker.bought();
    const { dependencies, hasCrashed } = broker.worker(crash);
    await placeOrder('buy', dependencies)(input).catch(() => {});
    const output = await retried(broker, () => broker.run('buy', input));
    expect(await broker.broker.find(idOf(input))).toMatchObject({ quantity: 10 });
    expect(output).toMatchObject(expected);
    expect((await broker.bought()) - before).toBe(shares);
    // Every look at the account looks at each order that works.
    await broker.broker.cancel(idOf(input));
    await broker.reservations.settle(idOf(input), { unfilledCents: 0, now: broker.clock.now });
    return { hasCrashed: hasCrashed() };
  });
  expect(calls).toBeGreaterThan(12);
});

// Tests what becomes of an order whose execution failed, timed out or was stopped: nothing of it is left at the broker, no
// worker sends it later, and people read what was traded.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RetryLater } from '../../../aws/retry-later.ts';
import { idOf, startBroker, terms, type TestBroker } from './approved-trade.ts';
import { everyCrash } from './crashes.ts';
import { endedBeforePost, stoppedExecution } from './ended-orders.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
});

afterEach(() => broker.close());

const STOPPED = 'The execution was stopped: Ben stopped it. Nothing more is done.';
const NOTHING = { outcome: 'cancelled', text: `${STOPPED} Nothing was traded.` };
const leftOf = async (id: string) => ({
  reservation: await broker.reservations.get(id),
  orderedCents: (await broker.reservations.totals(broker.clock.now)).orderedCents,
});
const NOTHING_LEFT = { reservation: undefined, orderedCents: 0 };

describe('an execution that was stopped before its order was sent', () => {
  it('before it was reserved: a late attempt sends nothing', async () => {
    const input = await broker.approve();
    const { stop, results } = stoppedExecution(broker, input);
    await stop();
    expect(results()).toEqual([NOTHING]);
    const { result } = await broker.run('buy', input);
    expect(result).toMatchObject({ outcome: 'unfilled', text: 'The order was not placed.' });
    expect(await broker.broker.find(idOf(input))).toBeUndefined();
    expect(await leftOf(idOf(input))).toEqual(NOTHING_LEFT);
  });

  it('after it was reserved: waits as long as a worker may send it, and then no worker may', async () => {
    const input = await broker.approve();
    await broker.run('buy', input, endedBeforePost(broker)).catch(() => {});
    const { stop, results } = stoppedExecution(broker, input);
    const busy = await stop().catch((error: unknown) => error);
    expect(busy).toBeInstanceOf(RetryLater);
    expect(busy).toMatchObject({
      name: 'OrderNotOver',
      message: 'A worker may send the order until 2026-11-02T10:05:50.000Z.',
      retryAfterSeconds: 20,
    });
    broker.advance(19.5);
    await expect(stop()).rejects.toMatchObject({ name: 'OrderNotOver', retryAfterSeconds: 1 });
    expect(results()).toEqual([]);
    broker.advance(0.5);
    await stop();
    expect(results()).toEqual([NOTHING]);
    expect(await leftOf(idOf(input))).toEqual(NOTHING_LEFT);
    const { result } = await broker.run('buy', input);
    expect(result).toMatchObject({ text: 'The order was not placed.' });
    expect(await broker.broker.find(idOf(input))).toBeUndefined();
  });

  it('and whose worker sends it in time after all: is cancelled, and reported', async () => {
    await broker.price({ price: 182.2, shares: 4 });
    const input = await broker.approve();
    const { stop, results } = stoppedExecution(broker, input);
    const place: TestBroker['broker']['place'] = async (...order) => {
      await expect(stop()).rejects.toMatchObject({ name: 'OrderNotOver' });
      return broker.broker.place(...order);
    };
    await broker.run('buy', input, { broker: { ...broker.broker, place } });
    broker.advance(20);
    await stop();
    expect(results()).toEqual([
      {
        outcome: 'cancelled',
        text: `${STOPPED} Bought 4 of 10 AMZN at USD 182.22, total USD 728.88, before that.`,
      },
    ]);
    expect(await broker.broker.find(idOf(input))).toMatchObject({ status: 'cancelled', filled: 4 });
    expect(await leftOf(idOf(input))).toEqual({ reservation: undefined, orderedCents: 4 * 18_450 });
  });
});

describe('an execution that was stopped while its order works', () => {
  it('cancels the order', async () => {
    await broker.price(186.1);
    const input = await broker.approve();
    await broker.run('buy', input);
    broker.advance(30);
    const { stop, results, logged } = stoppedExecution(broker, input);
    await stop();
    expect(results()).toEqual([NOTHING]);
    expect(broker.published.at(-1)).toMatchObject({
      ExecutionId: input.ExecutionId,
      EndedAt: '2026-11-02T10:06:00.000Z',
    });
    expect(await broker.broker.find(idOf(input))).toMatchObject({ status: 'cancelled' });
    expect(await leftOf(idOf(input))).toEqual(NOTHING_LEFT);
    expect(logged).toEqual([
      { event: 'failure_reported', execution: 'run-1', status: 'ABORTED', error: undefined, orders: 1 },
    ]);
  });

  it('is tried again if the broker does not end the order yet', async () => {
    await broker.price(186.1);
    const input = await broker.approve();
    await broker.run('buy', input);
    broker.advance(30);
    const { stop, results } = stoppedExecution(broker, input);
    const slow = { broker: { ...broker.broker, cancel: async () => {} } };
    await expect(stop({}, slow)).rejects.toMatchObject({ name: 'OrderNotOver', retryAfterSeconds: 10 });
    expect(results()).toEqual([]);
    await stop();
    expect(results()).toEqual([NOTHING]);
  });

  it('reports a fill that crosses the cancellation', async () => {
    await broker.price(186.1);
    const input = await broker.approve();
    await broker.run('buy', input);
    await broker.nextPrice(184);
    broker.advance(25);
    const { stop, results } = stoppedExecution(broker, input);
    const cancel = async (id: string) => {
      broker.advance(10);
      await broker.broker.cancel(id);
    };
    await stop({}, { broker: { ...broker.broker, cancel } });
    expect(results()).toMatchObject([{ text: expect.stringContaining('total USD 1,840.20, before that.') }]);
  });
});

it('an execution that was stopped after its order was filled says so', async () => {
  const input = await broker.approve();
  await broker.run('buy', input);
  const { stop, results } = stoppedExecution(broker, input);
  await stop({ status: 'ABORTED' });
  expect(results()).toEqual([
    {
      outcome: 'cancelled',
      text: `${STOPPED} Bought 10 AMZN at USD 182.22, total USD 1,822.20, before that.`,
    },
  ]);
  expect(await leftOf(idOf(input))).toEqual({ reservation: undefined, orderedCents: 184_500 });
});

describe('an execution that goes on', () => {
  it.each([
    [
      'was redriven meanwhile',
      { status: 'RUNNING', redrivenAt: '2026-11-02T10:05:30.001Z', redriveCount: 1 },
    ],
    ['succeeded after it was redriven', { status: 'SUCCEEDED', redriveCount: 1 }],
  ])('keeps its order if it %s', async (_, described) => {
    await broker.price(186.1);
    const input = await broker.approve();
    await broker.run('buy', input);
    const { stop, results, logged } = stoppedExecution(broker, input);
    await stop(described);
    expect(results()).toEqual([]);
    expect(await broker.broker.find(idOf(input))).toMatchObject({ status: 'working' });
    expect(await broker.reservations.get(idOf(input))).not.toHaveProperty('blockedThrough');
    expect(logged).toEqual([{ event: 'failure_overtaken', execution: 'run-1', status: 'ABORTED' }]);
  });

  it.each([
    ['never redriven', { redrivenAt: undefined }],
    ['redriven before this end', { redrivenAt: '2026-11-02T10:05:29.999Z', redriveCount: 0 }],
  ])(
    'is not believed to be running if it was %s, because the description may be old',
    async (_, described) => {
      const input = await broker.approve();
      const { stop, results } = stoppedExecution(broker, input);
      await stop({ status: 'RUNNING', ...described });
      expect(results()).toEqual([NOTHING]);
    },
  );
});

it('the reservation of a run that was redriven while the end was handled stays', async () => {
  const input = await broker.approve();
  const { stop } = stoppedExecution(broker, input);
  const find: TestBroker['broker']['find'] = async (id) => {
    const redriven = { ...input, RedriveCount: 1 };
    await broker.run('buy', redriven, endedBeforePost(broker)).catch(() => {});
    return broker.broker.find(id);
  };
  await stop({}, { broker: { ...broker.broker, find } });
  expect(await broker.reservations.get(idOf(input))).toMatchObject({ redriveCount: 1 });
});

it.each([
  ['redriven', '2026-11-02T10:05:00.000Z', 0],
  ['never redriven', undefined, 1],
])('an end without a time counts unless the execution was redriven: %s', async (_, redrivenAt, reports) => {
  const { stop, results } = stoppedExecution(broker, await broker.approve(), false);
  await stop({ status: 'RUNNING', redrivenAt });
  expect(results()).toHaveLength(reports);
});

describe('an execution without an approved order', () => {
  it.each([
    ['pending', { status: 'pending', decision: undefined }],
    [
      'declined',
      { status: 'declined', decision: { outcome: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } },
    ],
  ] as const)('is reported as it ended: %s', async (_, record) => {
    const input = await broker.approve({ record });
    const { stop, results } = stoppedExecution(broker, input);
    await stop();
    expect(results()).toEqual([{ outcome: 'cancelled', text: STOPPED, unsure: true }]);
    expect(await broker.stored()).toEqual({});
  });
});

describe('a worker of End Orders that is ended right before or after any of its calls', () => {
  it.each([
    ['works', 186.1, 'Nothing was traded.'],
    ['was filled', 182.2, 'Bought 10 AMZN'],
    ['was not sent', undefined, 'Nothing was traded.'],
  ])('the repeated one reports the same: the order %s', async (_, price, text) => {
    await broker.setAccount({ cash: 1_000_000_000 });
    await broker.price(price ?? 182.2);
    const calls = await everyCrash(async (crash) => {
      const input = await broker.approve();
      await broker.run('buy', input, price === undefined ? endedBeforePost(broker) : {}).catch(() => {});
      broker.advance(21);
      const { end, stop, results } = stoppedExecution(broker, input);
      broker.published.length = 0;
      const { handled, hasCrashed } = end({}, crash);
      await handled.catch(() => {});
      await stop();
      expect(results().length).toBeLessThanOrEqual(2);
      for (const result of results()) expect(result?.text).toContain(text);
      expect(await broker.reservations.get(idOf(input))).toBeUndefined();
      const order = await broker.broker.find(idOf(input));
      expect(order?.status).toBe(price === undefined ? undefined : price === 182.2 ? 'filled' : 'cancelled');
      return { hasCrashed: hasCrashed() };
    });
    expect(calls).toBeGreaterThan(6);
  });
});

it('the id of the order is the one that the states use', async () => {
  const input = await broker.approve();
  await broker.broker.place({ ...terms, id: idOf(input) });
  const { stop, results } = stoppedExecution(broker, input);
  await stop();
  expect(results()).toMatchObject([{ text: expect.stringContaining('Bought 10 AMZN') }]);
});

// Tests what the states do if the broker does not answer, or not in a form that can be trusted: they look before they send
// again, so that one approval has one order.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, OrderRejected } from '../../../aws/trading/broker.ts';
import { withUnknown } from '../../../functions/trading/order-unknown.ts';
import { after, idOf, retried, startBroker, terms, type TestBroker } from './approved-trade.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
});

afterEach(() => broker.close());

const TIMEOUT_MS = 20;

/** How a call fails that never reached the broker, or whose answer was lost. */
const FAILURES: readonly [string, () => Promise<unknown>][] = [
  ['throws', () => Promise.reject(new Error('ECONNRESET'))],
  ['answers HTML', async () => JSON.parse('<html>502 Bad Gateway</html>')],
  ['does not answer', () => withUnknown(deaf(), TIMEOUT_MS).cancel('x')],
];
const MOMENTS = ['before', 'after'] as const;
const CASES = FAILURES.flatMap(([what, fail]) => MOMENTS.map((when) => [what, when, fail] as const));

type Call = 'place' | 'find' | 'cancel';

/** A broker that never answers. */
function deaf(): Broker {
  const never = () => new Promise<never>(() => {});
  return { ...broker.broker, place: never, find: never, cancel: never };
}

/** The broker, whose calls are listed. */
function watched(replaced: Partial<Broker> = {}) {
  const called: Call[] = [];
  const { place, find, cancel, ...others } = { ...broker.broker, ...replaced };
  const calls: Broker = {
    ...others,
    place: (...order) => (called.push('place'), place(...order)),
    find: (id) => (called.push('find'), find(id)),
    cancel: (id) => (called.push('cancel'), cancel(id)),
  };
  return { broker: calls, called };
}

function failing(call: Call, when: (typeof MOMENTS)[number], fail: () => Promise<unknown>): Partial<Broker> {
  const original = broker.broker[call] as (...input: readonly unknown[]) => Promise<unknown>;
  return {
    [call]: async (...input: readonly unknown[]) => {
      if (when === 'after') await original(...input);
      return fail();
    },
  };
}

const orders = async () => Object.keys(await broker.stored()).filter((key) => key.startsWith('paper-order '));

describe('an order that was sent without a usable answer', () => {
  it.each(CASES)('the broker %s, %s it placed the order: one order in the end', async (_, when, fail) => {
    const input = await broker.approve();
    const first = watched(failing('place', when, fail));
    await expect(broker.run('buy', input, { broker: first.broker })).rejects.toMatchObject({
      name: 'OrderUnknown',
      message: 'The broker did not say whether it could place the order.',
    });
    expect(first.called).toEqual(['find', 'place']);
    const second = watched();
    const output = await retried(broker, () => broker.run('buy', input, { broker: second.broker }));
    expect(second.called[0]).toBe('find');
    expect(second.called.filter((each) => each === 'place')).toHaveLength(when === 'before' ? 1 : 0);
    expect(output.result?.outcome).toBe('done');
    expect(await orders()).toEqual([`paper-order ${idOf(input)}`]);
    expect(await broker.bought()).toBe(10);
    expect(await broker.reservations.get(idOf(input))).toBeUndefined();
  });

  it('is not sent again while the first worker may still send it', async () => {
    const input = await broker.approve();
    const first = watched(failing('place', 'before', () => Promise.reject(new Error('ECONNRESET'))));
    await broker.run('buy', input, { broker: first.broker }).catch(() => {});
    broker.advance(19);
    const second = watched();
    await expect(broker.run('buy', input, { broker: second.broker })).rejects.toMatchObject({
      name: 'OrderUnknown',
      message: 'Another worker may send the order until 2026-11-02T10:05:50.000Z.',
    });
    expect(second.called).toEqual(['find']);
  });

  it('is sent once more if the look-up misses it, and the broker returns the order that it has', async () => {
    const input = await broker.approve();
    const first = watched(failing('place', 'after', () => Promise.reject(new Error('ECONNRESET'))));
    await broker.run('buy', input, { broker: first.broker }).catch(() => {});
    broker.advance(21);
    const second = watched({ find: missingOnce() });
    const output = await broker.run('buy', input, { broker: second.broker });
    expect(second.called).toEqual(['find', 'place']);
    expect(output.result?.outcome).toBe('done');
    expect(await orders()).toHaveLength(1);
    expect(await broker.bought()).toBe(10);
  });

  it('is reported as the broker placed it if only the look after it misses', async () => {
    const input = await broker.approve();
    let looks = 0;
    const unfilled: Partial<Broker> = {
      place: async (...order) => {
        const { averagePrice: _price, filledAt: _at, ...placed } = await broker.broker.place(...order);
        return { ...placed, status: 'working', filled: 0 };
      },
      find: async (id) => (looks++ < 2 ? undefined : broker.broker.find(id)),
    };
    const output = await broker.run('buy', input, watched(unfilled));
    expect(output.result?.outcome).toBe('done');
    expect(await broker.bought()).toBe(10);
  });
});

describe('a look-up without a usable answer', () => {
  it.each(FAILURES)('sends nothing if the broker %s', async (_, fail) => {
    const input = await broker.approve();
    const { broker: away, called } = watched(failing('find', 'before', fail));
    await expect(broker.run('buy', input, { broker: away })).rejects.toMatchObject({
      name: 'OrderUnknown',
      message: 'The broker did not say whether it could find the order.',
    });
    expect(called).toEqual(['find']);
    expect(await broker.stored()).toEqual({});
  });

  it.each(FAILURES)('says nothing of an order that works if the broker %s', async (_, fail) => {
    const working = await rested();
    const { broker: away, called } = watched(failing('find', 'before', fail));
    await expect(broker.check(working, { broker: away })).rejects.toMatchObject({ name: 'OrderUnknown' });
    await expect(broker.cancel(working, { broker: away })).rejects.toMatchObject({ name: 'OrderUnknown' });
    expect(called).toEqual(['find', 'find']);
  });

  it('does not take an order for gone that the broker accepted', async () => {
    const working = await rested();
    const missing = watched({ find: async () => undefined });
    const error = {
      name: 'OrderUnknown',
      message: 'The broker does not find the order that it accepted.',
    };
    await expect(broker.check(working, missing)).rejects.toMatchObject(error);
    await expect(broker.cancel(working, missing)).rejects.toMatchObject(error);
    expect(missing.called).toEqual(['find', 'find']);
    const once = watched({ find: missingOnce() });
    await expect(broker.cancel(working, once)).rejects.toMatchObject(error);
    expect((await broker.cancel(working, once)).result?.outcome).toBe('unfilled');
  });
});

describe('a cancellation without a usable answer', () => {
  it.each(CASES)(
    'the broker %s, %s it cancelled the order: the retried state ends it',
    async (_, when, fail) => {
      const working = await rested();
      const first = watched(failing('cancel', when, fail));
      await expect(broker.cancel(working, first)).rejects.toMatchObject({ name: 'OrderUnknown' });
      expect(first.called).toEqual(['find', 'cancel']);
      expect((await broker.cancel(working)).result?.outcome).toBe('unfilled');
      expect(await broker.broker.find(idOf(working))).toMatchObject({ status: 'cancelled' });
    },
  );
});

describe('withUnknown', () => {
  it.each(['place', 'find', 'cancel'] as const)('does not wait for ever for an answer: %s', async (call) => {
    const calls = withUnknown(deaf(), TIMEOUT_MS);
    const asked = call === 'place' ? calls.place({ ...terms, id: 'x' }) : calls[call]('x');
    await expect(asked).rejects.toMatchObject({
      name: 'OrderUnknown',
      message: `The broker did not say whether it could ${call} the order.`,
      cause: { name: 'TimeoutError' },
    });
  });

  it('keeps the cause, and a rejection as it is', async () => {
    const cause = new Error('ECONNRESET');
    const away = {
      ...broker.broker,
      find: () => Promise.reject(cause),
      place: () => Promise.reject(new OrderRejected('No.')),
    };
    await expect(withUnknown(away).find('x')).rejects.toMatchObject({ name: 'OrderUnknown', cause });
    await expect(withUnknown(away).place({ ...terms, id: 'x' })).rejects.toMatchObject({
      name: 'OrderRejected',
      message: 'No.',
    });
  });

  it('lets the broker send nothing more after the timeout', async () => {
    const late: Partial<Broker>['place'] = async (order, signal) => {
      await pause(TIMEOUT_MS * 3);
      return broker.broker.place(order, signal);
    };
    const calls = withUnknown({ ...broker.broker, place: late }, TIMEOUT_MS);
    await expect(calls.place({ ...terms, id: 'x' })).rejects.toMatchObject({ name: 'OrderUnknown' });
    await pause(TIMEOUT_MS * 5);
    expect(await orders()).toEqual([]);
  });
});

/** The input of the states that follow, for an order that rests. */
async function rested() {
  await broker.price(186.1);
  const input = await broker.approve();
  return after(input, await broker.run('buy', input));
}

function missingOnce(): Broker['find'] {
  let hasMissed = false;
  return async (id) => {
    const answer = hasMissed ? await broker.broker.find(id) : undefined;
    hasMissed = true;
    return answer;
  };
}

// Tests the second look of the states that trade: an order is checked again on a fresh quote before it is sent.
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Approved,
  DECIDED_AT,
  idOf,
  immediately,
  NOW,
  type Output,
  sale,
  startBroker,
  type StateInput,
  terms,
  type TestBroker,
} from './approved-trade.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
  await broker.price(183, DECIDED_AT);
  await broker.price(182.2, NOW);
});

afterEach(() => broker.close());

interface Run {
  readonly input: StateInput;
  readonly output: Output;
}

const run = async (side: 'buy' | 'sell', approved: Approved): Promise<Run> => {
  const input = await broker.approve(approved);
  return { input, output: await broker.run(side, input) };
};
const bought = (approved: Approved = {}) => run('buy', approved);
const sold = (approved: Approved = { terms: sale, input: { terms: sale, side: 'sell' } }) =>
  run('sell', approved);

describe('the second look', () => {
  const UNFILLED = { outcome: 'unfilled', label: 'Not filled' };

  /** The result of an order that changed nothing, was not sent, and is given up for good. */
  async function unfilled(running: Promise<Run>) {
    const before = (await broker.stored())['paper'];
    const { input, output } = await running;
    const { fill, order, result } = output;
    const isUnchanged = isDeepStrictEqual((await broker.stored())['paper'], before);
    const isClosed = isDeepStrictEqual(await broker.reservations.outcome(idOf(input)), result);
    const isReserved = (await broker.reservations.get(idOf(input))) !== undefined;
    const isSent = (await broker.broker.find(idOf(input))) !== undefined;
    return !fill && !order && isUnchanged && isClosed && !isReserved && !isSent
      ? result
      : { output, isUnchanged, isClosed, isReserved, isSent };
  }

  /** Reads as a worker that looked before another worker gave up or placed the order. */
  const early = (): Partial<TestBroker['dependencies']> => ({
    reservations: { ...broker.reservations, outcome: async () => undefined },
    broker: { ...broker.broker, find: missingOnce() },
  });

  function missingOnce(): TestBroker['broker']['find'] {
    let hasMissed = false;
    return async (id) => {
      const answer = hasMissed ? await broker.broker.find(id) : undefined;
      hasMissed = true;
      return answer;
    };
  }

  it('is final: a late or retried worker does not send what was given up, whatever the market does now', async () => {
    await broker.price(186.1);
    const { input, output: first } = await bought(immediately());
    await broker.price(182.2);
    expect(await broker.run('buy', input)).toEqual(first);
    expect(await broker.run('buy', input, early())).toEqual(first);
    expect(first.result?.outcome).toBe('unfilled');
    expect(await broker.bought()).toBe(0);
  });

  it.each([
    ['can be placed', 182.2],
    ['is to be given up', 400],
  ])('reports the fill if another worker filled an order that now %s', async (_, price) => {
    const { input, output: filledFirst } = await bought();
    await broker.price(price);
    expect(await broker.run('buy', input, early())).toEqual(filledFirst);
    expect(await broker.bought()).toBe(10);
    expect(await broker.reservations.get(idOf(input))).toBeUndefined();
  });

  const again = {
    symbol: 'AMZN',
    quantity: 10,
    side: 'buy',
    timeInForce: 'day',
  };

  it('ends unfilled before it is sent if the market left the limit of a buy that is immediate or cancel', async () => {
    await broker.price(186.1);
    const ioc = immediately();
    expect(await unfilled(bought({ ...ioc, input: { ...ioc.input, note: 'Before the split' } }))).toEqual({
      ...UNFILLED,
      text: 'The price moved from USD 182.20 to USD 186.10: the ask of USD 186.12 was above the limit of USD 184.50. No order is open.',
      resubmit: {
        label: 'Resubmit, limit 187.99',
        input: { ...again, timeInForce: 'ioc', limitPrice: '187.99', note: 'Before the split' },
      },
    });
  });

  it('ends unfilled if the market left the limit of a sale', async () => {
    await broker.price(178);
    expect(await unfilled(sold(immediately(sale)))).toEqual({
      ...UNFILLED,
      text: 'The price moved from USD 182.20 to USD 178.00: the bid of USD 177.98 was below the limit of USD 180.50. No order is open.',
      resubmit: {
        label: 'Resubmit, limit 176.20',
        input: { ...again, side: 'sell', timeInForce: 'ioc', limitPrice: '176.20' },
      },
    });
  });

  it('ends unfilled if the price halved, although a buy would be cheaper', async () => {
    await broker.price(91.1);
    expect(await unfilled(bought())).toEqual({
      ...UNFILLED,
      text: 'The price moved from USD 182.20 to USD 91.10: the limit of USD 184.50 is too far from the market. No order is open.',
      resubmit: { label: 'Resubmit, limit 92.04', input: { ...again, limitPrice: '92.04' } },
    });
    expect(await unfilled(sold())).toEqual({
      ...UNFILLED,
      text: 'The price moved from USD 182.20 to USD 91.10: the limit of USD 180.50 is too far from the market. No order is open.',
      resubmit: { label: 'Resubmit, limit 90.16', input: { ...again, side: 'sell', limitPrice: '90.16' } },
    });
  });

  it('does not say that the price moved if it did not', async () => {
    expect(await unfilled(bought(immediately({ ...terms, limitPrice: '180.00' })))).toEqual({
      ...UNFILLED,
      text: 'The price is USD 182.20: the ask of USD 182.22 was above the limit of USD 180.00. No order is open.',
      resubmit: {
        label: 'Resubmit, limit 184.05',
        input: { ...again, timeInForce: 'ioc', limitPrice: '184.05' },
      },
    });
    const distant = { ...terms, limitPrice: '150.00' };
    expect(await unfilled(bought({ terms: distant, input: { terms: distant } }))).toMatchObject({
      text: 'The price is USD 182.20: the limit of USD 150.00 is too far from the market. No order is open.',
      resubmit: { label: 'Resubmit, limit 184.05', input: { ...again, limitPrice: '184.05' } },
    });
  });

  it.each([
    ['stale', { price: 182.2, ageSeconds: 120 }, 'The last quote for AMZN is 150 seconds old (maximum 90)'],
    [
      'wide',
      { price: 182.2, spread: 2.4 },
      'The spread of AMZN is 1.32 % (maximum 1 %; bid USD 181.00, ask USD 183.40)',
    ],
    ['away', undefined, 'There is no quote for AMZN now.'],
  ])(
    'ends unfilled if the quote is %s, and offers the same trade at the price of then',
    async (_, told, text) => {
      await broker.price(told);
      expect(await unfilled(bought())).toEqual({
        ...UNFILLED,
        text: expect.stringMatching(
          new RegExp(`^${text.replaceAll(/[.()]/g, String.raw`\$&`)}.*Try again in a few minutes\\.$`),
        ),
        resubmit: { label: 'Resubmit', input: again },
      });
    },
  );

  it('ends unfilled if another sale used up the position', async () => {
    const all = { ...sale, quantity: 600 };
    const approved = { terms: all, input: { terms: all, quantity: 600 } };
    const [first, second] = [await broker.approve(approved), await broker.approve(approved)];
    expect(await broker.run('sell', first)).toMatchObject({ result: { outcome: 'done' } });
    expect(await unfilled(broker.run('sell', second).then((output) => ({ input: second, output })))).toEqual({
      ...UNFILLED,
      text: 'Insufficient position: 400 held. Try “/trade sell AMZN 400”.',
    });
  });

  it('ends unfilled if the cash is gone', async () => {
    await broker.setAccount({ cash: 100_000 });
    expect(await unfilled(bought({ input: { limitPrice: '184.50' } }))).toEqual({
      ...UNFILLED,
      text: 'Insufficient cash: needs USD 1,845.00, has USD 1,000.00. Try “/trade buy AMZN 5 limit 184.50”.',
    });
  });

  it.each([
    [{ restricted: ['AMZN'] }, 'AMZN is restricted and cannot be traded now.'],
    [{ symbols: ['NVDA'] }, 'AMZN is not a symbol that can be traded here. You can trade NVDA.'],
    [
      { maxAmount: 1_000 },
      'Above the USD 1,000 limit: 10 AMZN amount to USD 1,845.00. Try “/trade buy AMZN 5”.',
    ],
  ])('ends unfilled if a deployment changed the limits to %o', async (differences, text) => {
    const limits = { symbols: ['AMZN'], restricted: [], maxAmount: 1_000_000, ...differences };
    const input = await broker.approve();
    const running = broker.run('buy', input, { limits }).then((output) => ({ input, output }));
    expect(await unfilled(running)).toEqual({
      ...UNFILLED,
      text,
    });
  });

  it('ends unfilled if the broker rejects the order, because the account changed after the check', async () => {
    const place: TestBroker['broker']['place'] = async (...order) => {
      await broker.setAccount({ cash: 0 });
      return broker.broker.place(...order);
    };
    const input = await broker.approve();
    const { fill, result } = await broker.run('buy', input, { broker: { ...broker.broker, place } });
    expect(fill).toBeUndefined();
    expect(result).toEqual({
      outcome: 'unfilled',
      label: 'Rejected',
      text: 'The broker rejected the order: insufficient buying power: needs USD 1,845.00, has USD 0.00.',
    });
    expect(await broker.run('buy', input)).toMatchObject({ result });
  });

  it('asks the market for the quote of now and of the decision, and for nothing else', async () => {
    const asked: string[] = [];
    const quote: TestBroker['broker']['quote'] = async (symbol, at) => {
      asked.push(`${symbol} ${at.toISOString()}`);
      return broker.broker.quote(symbol, at);
    };
    await broker.run('buy', await broker.approve(), { broker: { ...broker.broker, quote } });
    expect(asked).toEqual([`AMZN ${NOW.toISOString()}`, `AMZN ${DECIDED_AT}`]);
  });

  it('ends unfilled while other orders that may be at the broker need the cash', async () => {
    await broker.setAccount({ cash: 300_000 });
    const place = async () => {
      throw new Error('no answer');
    };
    const first = await broker.approve();
    await broker.run('buy', first, { broker: { ...broker.broker, place } }).catch(() => {});
    expect(await broker.run('buy', await broker.approve())).toMatchObject({
      result: { ...UNFILLED, text: 'Other open orders leave USD 1,155.00 of cash.' },
    });
  });
});

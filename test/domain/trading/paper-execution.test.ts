import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Quote, quotesOf } from '../../../domain/trading/market.ts';
import { averagePrice, execute, NO_FILLS, type PaperOrder } from '../../../domain/trading/paper-execution.ts';

const at = (time: string) => new Date(`2026-11-02T${time}Z`);
const order = (differences: Partial<PaperOrder> = {}): PaperOrder => ({
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '100.00',
  timeInForce: 'day',
  placedAt: '2026-11-02T10:00:30.000Z',
  ...differences,
});
const quoteAt = (now: Date, ask: number, shares?: number): Quote => ({
  symbol: 'AMZN',
  price: ask - 0.5,
  bid: ask - 1,
  ask,
  average: ask,
  at: now.toISOString(),
  ...(shares !== undefined && { shares }),
});
/** @param asks by time, each until the next */
const market =
  (asks: Readonly<Record<string, number>>, shares?: number) =>
  (now: Date): Quote | undefined => {
    const started = Object.keys(asks).filter((time) => at(time) <= now);
    const ask = asks[started.toSorted().at(-1) ?? ''];
    return ask === undefined ? undefined : quoteAt(now, ask, shares);
  };

describe('execute', () => {
  it('fills a marketable order at the instant it was placed, at the ask', () => {
    const quotes = market({ '00:00:00.000': 99.5 });
    expect(execute(order(), at('10:00:30.000'), quotes)).toEqual({
      filled: 10,
      cost: 99_500,
      filledAt: '2026-11-02T10:00:30.000Z',
      status: 'filled',
    });
  });

  it('fills a sell at the bid', () => {
    const quotes = market({ '00:00:00.000': 101.5 });
    expect(execute(order({ side: 'sell' }), at('10:00:30.000'), quotes)).toMatchObject({
      cost: 100_500,
      status: 'filled',
    });
  });

  it('fills an order that rests at the start of the first minute whose quote reaches the limit', () => {
    const quotes = market({ '00:00:00.000': 101, '10:02:00.000': 100, '10:03:00.000': 90 });
    expect(execute(order(), at('10:01:59.999'), quotes)).toEqual({ ...NO_FILLS, status: 'working' });
    expect(execute(order(), at('12:00:00.000'), quotes)).toEqual({
      filled: 10,
      cost: 100_000,
      filledAt: '2026-11-02T10:02:00.000Z',
      status: 'filled',
    });
  });

  it('fills at most the shares of each minute', () => {
    const quotes = market({ '00:00:00.000': 99 }, 4);
    expect(execute(order(), at('10:01:59.999'), quotes)).toMatchObject({ filled: 8, status: 'working' });
    expect(execute(order(), at('10:02:00.000'), quotes)).toMatchObject({ filled: 10, cost: 99_000 });
    expect(execute(order(), at('10:02:00.000'), market({ '00:00:00.000': 99 }, 0))).toMatchObject(NO_FILLS);
  });

  it('fills once a minute if the order was placed at the start of one', () => {
    const quotes = market({ '00:00:00.000': 99 }, 4);
    const onTheMinute = order({ placedAt: '2026-11-02T10:00:00.000Z' });
    expect(execute(onTheMinute, at('10:00:59.999'), quotes)).toMatchObject({ filled: 4 });
    expect(execute(onTheMinute, at('10:01:00.000'), quotes)).toMatchObject({ filled: 8 });
  });

  it('fills nothing without a quote', () => {
    expect(execute(order(), at('10:05:00.000'), () => undefined)).toEqual({ ...NO_FILLS, status: 'working' });
  });

  it('cancels what an immediate-or-cancel order does not fill at once', () => {
    const ioc = order({ timeInForce: 'ioc' });
    const quotes = market({ '00:00:00.000': 99 }, 4);
    expect(execute(ioc, at('12:00:00.000'), quotes)).toMatchObject({ filled: 4, status: 'cancelled' });
    expect(execute(ioc, at('10:00:30.000'), quotes)).toMatchObject({ filled: 4, status: 'cancelled' });
  });

  it('fills until the order is cancelled, whenever somebody looks', () => {
    const cancelled = order({ cancelledAt: '2026-11-02T10:01:00.000Z' });
    const quotes = market({ '00:00:00.000': 99 }, 4);
    for (const now of [at('10:00:31.000'), at('10:01:00.000'), at('23:00:00.000')])
      expect(execute(cancelled, now, quotes)).toMatchObject({ filled: 8, status: 'cancelled' });
  });

  it('keeps what was filled before the order was cancelled at an earlier time', () => {
    const cancelled = order({ cancelledAt: '2026-11-02T10:00:59.000Z' });
    const quotes = market({ '00:00:00.000': 99 }, 4);
    const earlier = execute(order(), at('10:01:00.000'), quotes);
    expect(execute(cancelled, at('10:02:00.000'), quotes, earlier)).toEqual({
      ...earlier,
      status: 'cancelled',
    });
  });

  it('ignores a cancellation after the last share was filled', () => {
    const cancelled = order({ cancelledAt: '2026-11-02T10:01:00.000Z' });
    expect(execute(cancelled, at('10:05:00.000'), market({ '00:00:00.000': 99 })).status).toBe('filled');
  });

  it('keeps earlier fills if the quotes before them changed', () => {
    const earlier = execute(order(), at('10:00:30.000'), market({ '00:00:00.000': 99 }, 4));
    expect(execute(order(), at('10:00:59.000'), market({ '00:00:00.000': 150 }), earlier)).toEqual(earlier);
  });

  it('expires at midnight UTC, without a fill at that instant', () => {
    const late = order({ placedAt: '2026-11-02T23:58:30.000Z' });
    const quotes = market({ '00:00:00.000': 99 }, 1);
    expect(execute(late, at('23:59:59.999'), quotes)).toMatchObject({ filled: 2, status: 'working' });
    for (const day of ['03', '09'])
      expect(execute(late, new Date(`2026-11-${day}T00:00:00.000Z`), quotes)).toMatchObject({
        filled: 2,
        filledAt: '2026-11-02T23:59:00.000Z',
        status: 'expired',
      });
    const cancelledLater = { ...late, cancelledAt: '2026-11-03T00:00:00.000Z' };
    expect(execute(cancelledLater, at('23:59:30.000'), quotes)).toMatchObject({
      filled: 2,
      status: 'expired',
    });
  });

  it('fills at the quotes of the simulated market for a whole day in little time', () => {
    const resting = order({ limitPrice: '1.00', placedAt: '2026-11-02T00:00:00.000Z' });
    const started = performance.now();
    expect(execute(resting, at('23:59:59.000'), quotesOf('AMZN')).status).toBe('working');
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('averagePrice', () => {
  it('is rounded to four decimals, and absent if nothing was filled', () => {
    expect(averagePrice({ filled: 3, cost: 10_000 })).toBe(33.3333);
    expect(averagePrice(NO_FILLS)).toBeUndefined();
  });
});

/** An order and a market with a random quote in each of its first minutes, in milliseconds after 23:45 UTC. */
const START = Date.UTC(2026, 10, 2, 23, 45);
const minutes = fc.array(
  fc.record({
    cents: fc.integer({ min: 9_500, max: 10_500 }),
    shares: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    hasQuote: fc.boolean(),
  }),
  { minLength: 30, maxLength: 30 },
);
const moment = fc.integer({ min: 0, max: 20 * 60_000 });
const scenario = fc.record({
  minutes,
  side: fc.constantFrom('buy' as const, 'sell' as const),
  timeInForce: fc.constantFrom('day' as const, 'day' as const, 'ioc' as const),
  quantity: fc.integer({ min: 1, max: 20 }),
  placed: fc.integer({ min: 0, max: 10 * 60_000 }),
  cancelled: fc.option(moment, { nil: undefined }),
  looks: fc.array(moment, { maxLength: 6 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

function worldOf({ minutes: quoted, side, timeInForce, quantity, placed, cancelled }: Scenario) {
  const iso = (time: number) => new Date(START + time).toISOString();
  const quotes = (now: Date) => {
    const minute = quoted[Math.floor((now.getTime() - START) / 60_000)];
    return minute?.hasQuote ? quoteAt(now, minute.cents / 100, minute.shares) : undefined;
  };
  const cancelledAt = cancelled === undefined ? undefined : Math.max(placed, cancelled);
  const resting = order({ side, timeInForce, quantity, placedAt: iso(placed) });
  return {
    quotes,
    /** The order as it is at that time. */
    orderAt: (time: number): PaperOrder =>
      cancelledAt !== undefined && cancelledAt <= time
        ? { ...resting, cancelledAt: iso(cancelledAt) }
        : resting,
  };
}

describe('execute, for any order and market', () => {
  it('returns the same whoever looked before', () => {
    fc.assert(
      fc.property(scenario, (each) => {
        const { quotes, orderAt } = worldOf(each);
        const end = 21 * 60_000;
        const looks = [...each.looks, end]
          .map((time) => Math.max(each.placed, time))
          .toSorted((a, b) => a - b);
        let known: Parameters<typeof execute>[3];
        for (const time of looks) {
          const now = new Date(START + time);
          const found = execute(orderAt(time), now, quotes, known);
          expect(found).toEqual(execute(orderAt(time), now, quotes));
          known = found;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('fills no more than the quantity, at no worse price than the limit, and nothing after the cancellation', () => {
    fc.assert(
      fc.property(scenario, (each) => {
        const { quotes, orderAt } = worldOf(each);
        const last = orderAt(21 * 60_000);
        const found = execute(last, new Date(START + 21 * 60_000), quotes);
        expect(found.filled).toBeLessThanOrEqual(each.quantity);
        expect(found.status).not.toBe('working');
        expect(found.status === 'filled').toBe(found.filled === each.quantity);
        const average = averagePrice(found) ?? 100;
        expect(each.side === 'buy' ? 100 - average : average - 100).toBeGreaterThanOrEqual(0);
        const end = last.cancelledAt ?? '2026-11-03T00:00:00.000Z';
        expect((found.filledAt ?? last.placedAt) <= end).toBe(true);
        expect((found.filledAt ?? '') < '2026-11-03').toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

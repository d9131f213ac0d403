import { describe, expect, it } from 'vitest';
import {
  closesAt,
  marketDay,
  type MarketEvent,
  type Quote,
  quote as maybeQuote,
  quotesOf,
} from '../../../domain/trading/market.ts';

const at = (time: string) => new Date(`2026-11-02T${time}Z`);

/** A quote that must exist. */
function quote(symbol: string, now: Date, event?: Omit<MarketEvent, 'since'>): Quote {
  const since = '2026-11-02T00:00:00.000Z';
  const found = maybeQuote(symbol, now, event && [{ ...event, since }]);
  if (!found) throw new Error(`There is no quote for ${symbol}.`);
  return found;
}

const SYMBOLS = ['AAPL', 'AMZN', 'GOOGL', 'MSFT', 'NVDA', 'TSLA'];
const spreadOf = ({ bid, ask, price }: Quote) => ((ask - bid) / price) * 100;

describe('quote', () => {
  it('is the same for a symbol within a minute', () => {
    const first = quote('AMZN', at('10:00:00.000'));
    expect(quote('AMZN', at('10:00:59.999'))).toEqual(first);
    expect(first.at).toBe('2026-11-02T10:00:00.000Z');
  });

  it('is exactly this, on any day and machine', () => {
    expect(quote('AMZN', at('10:00:00.000'))).toMatchInlineSnapshot(`
      {
        "ask": 204.95,
        "at": "2026-11-02T10:00:00.000Z",
        "average": 204.39,
        "bid": 204.87,
        "price": 204.91,
        "symbol": "AMZN",
      }
    `);
  });

  it('changes from minute to minute, by less than one percent', () => {
    const prices = Array.from(
      { length: 60 },
      (_, minute) => quote('NVDA', new Date(Date.UTC(2026, 10, 2, 14, minute))).price,
    );
    expect(new Set(prices).size).toBeGreaterThan(30);
    prices
      .slice(1)
      .forEach((price, before) => expect(Math.abs(price / (prices[before] ?? 0) - 1)).toBeLessThan(0.01));
  });

  it('has a different price for each symbol, in whole cents above zero', () => {
    const prices = SYMBOLS.map((symbol) => quote(symbol, at('00:00:00.000')).price);
    expect(new Set(prices).size).toBe(6);
    for (const price of prices) {
      expect(price).toBeGreaterThan(10);
      expect(price).toBe(Number(price.toFixed(2)));
    }
  });

  it('has its price between bid and ask, in whole cents, and a narrow spread', () => {
    for (const symbol of SYMBOLS)
      for (let minute = 0; minute < 30; minute++) {
        const each = quote(symbol, new Date(Date.UTC(2026, 10, 2, 14, minute)));
        expect(each.bid).toBeLessThan(each.price);
        expect(each.ask).toBeGreaterThan(each.price);
        expect([each.bid, each.ask]).toEqual([Number(each.bid.toFixed(2)), Number(each.ask.toFixed(2))]);
        expect(spreadOf(each)).toBeLessThan(0.07);
      }
  });

  it('averages the last hour, across midnight too', () => {
    const midnight = new Date('2026-11-03T00:00:00.000Z');
    const hour = Array.from(
      { length: 60 },
      (_, back) => quote('MSFT', new Date(midnight.getTime() - back * 60_000)).price,
    );
    const mean = hour.reduce((sum, price) => sum + price, 0) / 60;
    expect(quote('MSFT', midnight).average).toBeCloseTo(mean, 2);
  });
});

describe('a market event', () => {
  const now = at('10:00:30.000');
  const usual = quote('AMZN', now);

  it('multiplies the price, with bid and ask around it, and leaves the last hour as it was', () => {
    const halved = quote('AMZN', now, { factor: 0.5 });
    expect(halved.price).toBeCloseTo(usual.price / 2, 1);
    expect(halved.bid).toBeLessThan(halved.price);
    expect(halved.ask).toBeGreaterThan(halved.price);
    expect(halved).toMatchObject({ average: usual.average, at: usual.at });
  });

  it('widens the spread', () => {
    expect(spreadOf(quote('AMZN', now, { spreadPercent: 2 }))).toBeCloseTo(2, 1);
    const narrow = quote('AMZN', now, { spreadPercent: 0 });
    expect([narrow.bid, narrow.ask]).toEqual([
      Number((narrow.price - 0.01).toFixed(2)),
      Number((narrow.price + 0.01).toFixed(2)),
    ]);
  });

  it('returns an old quote', () => {
    const old = quote('AMZN', now, { ageSeconds: 120 });
    expect(old).toEqual(quote('AMZN', at('09:58:30.000')));
    expect(old.at).toBe('2026-11-02T09:58:00.000Z');
  });

  it('takes the quote away', () => {
    const since = '2026-11-02T00:00:00.000Z';
    expect(maybeQuote('AMZN', now, [{ since, hasNoQuote: true }])).toBeUndefined();
    expect(maybeQuote('AMZN', now, [{ since, hasNoQuote: false }])).toEqual(usual);
  });

  it('happens from its time on', () => {
    const since = now.toISOString();
    expect(maybeQuote('AMZN', now, [{ since, hasNoQuote: true }])).toBeUndefined();
    expect(maybeQuote('AMZN', new Date(now.getTime() - 1), [{ since, hasNoQuote: true }])).toEqual(usual);
  });

  it('replaces the earlier events as a whole, in whatever order they are listed', () => {
    const half = { since: at('10:00:00.000').toISOString(), factor: 0.5, spreadPercent: 2 };
    const double = { since: at('11:00:00.000').toISOString(), factor: 2 };
    const later = at('11:00:00.000');
    for (const events of [
      [half, double],
      [double, half],
    ]) {
      expect(maybeQuote('AMZN', new Date(later.getTime() - 1), events)).toEqual(
        maybeQuote('AMZN', new Date(later.getTime() - 1), [half]),
      );
      expect(maybeQuote('AMZN', later, events)).toEqual(maybeQuote('AMZN', later, [double]));
    }
  });

  it('replaces one that starts at the same time and is listed before it', () => {
    const since = at('10:00:00.000').toISOString();
    expect(maybeQuote('AMZN', now, [{ since, factor: 0.5 }, { since }])).toEqual(usual);
  });

  it('limits the shares of each minute', () => {
    expect(usual).not.toHaveProperty('shares');
    expect(quote('AMZN', now, { shares: 5 })).toEqual({ ...usual, shares: 5 });
    expect(quote('AMZN', now, { shares: 0 }).shares).toBe(0);
  });

  it.each([{ shares: -1 }, { shares: 1.5 }, { factor: Number.NaN }, { factor: -1 }])(
    'gives no quote if it is malformed: %o',
    (event) => {
      expect(
        maybeQuote('AMZN', now, [{ since: at('10:00:00.000').toISOString(), ...event }]),
      ).toBeUndefined();
    },
  );
});

describe('quotesOf', () => {
  it('reads the same quotes in any order, across midnight and with old quotes', () => {
    const events = [{ since: at('00:10:00.000').toISOString(), ageSeconds: 7_200 }];
    const read = quotesOf('NVDA', events);
    const times = Array.from({ length: 60 }, (_, index) => Date.UTC(2026, 10, 2, 0, 30 - index * 11));
    for (const time of [...times, ...times.toReversed()])
      expect(read(new Date(time))).toEqual(maybeQuote('NVDA', new Date(time), events));
  });
});

describe('marketDay', () => {
  const day = (now: Date, events: readonly MarketEvent[] = []) => {
    const found = marketDay('NVDA', now, events);
    if (!found) throw new Error('There is no day.');
    return found;
  };

  it('has twenty prices of the last hour, three minutes apart, the last one now', () => {
    const { lastHour } = day(at('10:00:30'));
    expect(lastHour).toHaveLength(20);
    expect(lastHour.map(({ at: time }) => time.slice(11, 16)).slice(-2)).toEqual(['09:57', '10:00']);
    for (const point of lastHour) expect(point.price).toBe(quote('NVDA', new Date(point.at)).price);
  });

  it('has the lowest and the highest price since midnight UTC', () => {
    const minutes = Array.from({ length: 601 }, (_, minute) =>
      quote('NVDA', new Date(at('00:00:00').getTime() + minute * 60_000)),
    );
    const prices = minutes.map(({ price }) => price);
    expect(day(at('10:00:00'))).toMatchObject({
      low: Math.min(...prices),
      high: Math.max(...prices),
      previousClose: quote('NVDA', new Date('2026-11-01T23:59:00Z')).price,
    });
  });

  it('has one price right after midnight', () => {
    const { price } = quote('NVDA', at('00:00:10'));
    expect(day(at('00:00:10'))).toMatchObject({ low: price, high: price });
  });

  it('leaves out the minutes without a quote, and does not exist where there is none now', () => {
    const none = { since: '2026-11-02T09:30:00.000Z', hasNoQuote: true };
    expect(marketDay('NVDA', at('09:40:00'), [none])).toBeUndefined();
    const again = { since: '2026-11-02T09:50:00.000Z' };
    const times = day(at('10:00:00'), [none, again]).lastHour.map(({ at: time }) => time.slice(11, 16));
    const before = ['09:03', '09:06', '09:09', '09:12', '09:15', '09:18', '09:21', '09:24', '09:27'];
    expect(times).toEqual([...before, '09:51', '09:54', '09:57', '10:00']);
  });
});

describe('closesAt', () => {
  it.each([
    ['2026-11-02T00:00:00.000Z', '2026-11-03T00:00:00.000Z'],
    ['2026-11-02T23:59:59.999Z', '2026-11-03T00:00:00.000Z'],
  ])('%s: %s', (now, close) => expect(closesAt(new Date(now)).toISOString()).toBe(close));
});

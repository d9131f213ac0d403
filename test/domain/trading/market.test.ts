import { describe, expect, it } from 'vitest';
import { quote } from '../../../domain/trading/market.ts';

const at = (time: string) => new Date(`2026-11-02T${time}Z`);

describe('quote', () => {
  it('returns the same price for a symbol within a minute', () => {
    const first = quote('AMZN', at('10:00:00.000'));
    expect(quote('AMZN', at('10:00:59.999'))).toEqual(first);
    expect(first.at).toBe('2026-11-02T10:00:00.000Z');
  });

  it('returns exactly this price, on any day and machine', () => {
    expect(quote('AMZN', at('10:00:00.000'))).toMatchInlineSnapshot(`
    {
      "at": "2026-11-02T10:00:00.000Z",
      "average": 204.39,
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

  it('returns a different price for each symbol, in whole cents above zero', () => {
    const prices = ['AAPL', 'AMZN', 'GOOGL', 'MSFT', 'NVDA', 'TSLA'].map(
      (symbol) => quote(symbol, at('00:00:00.000')).price,
    );
    expect(new Set(prices).size).toBe(6);
    for (const price of prices) {
      expect(price).toBeGreaterThan(10);
      expect(price).toBe(Number(price.toFixed(2)));
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

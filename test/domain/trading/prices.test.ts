import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notional, readPrice, roundPrice, shares, usdPrice } from '../../../domain/trading/prices.ts';

describe('readPrice', () => {
  it.each([
    ['184', '184.00'],
    ['184.5', '184.50'],
    ['184.50', '184.50'],
    ['184.5000', '184.50'],
    ['$184.50', '184.50'],
    ['1,184.50', '1184.50'],
    ['100,000', '100000.00'],
    ['100000', '100000.00'],
    ['1', '1.00'],
    ['0.9999', '0.9999'],
    ['0.5', '0.5000'],
    ['0.0001', '0.0001'],
    ['000.5', '0.5000'],
  ])('reads %j as %j', (text, price) => {
    expect(readPrice(text)).toBe(price);
    expect(readPrice(price)).toBe(price);
  });

  it.each([
    '',
    '0',
    '0.0000',
    '-1',
    '+1',
    '.5',
    '1.',
    '184.501',
    '1.0001',
    '0.00001',
    '100000.01',
    '1000000',
    '1,84',
    '1,1845',
    '1e2',
    '0x10',
    '１８４',
    ' 184',
    '184\n',
    '184,50',
    '$$1',
    'NaN',
    'Infinity',
  ])('refuses %j', (text) => {
    expect(readPrice(text)).toBeUndefined();
  });

  it('reads each price in cents, and each below a dollar in hundredths of a cent, as itself', () => {
    const cents = fc.integer({ min: 100, max: 10_000_000 }).map((price) => (price / 100).toFixed(2));
    const fractions = fc.integer({ min: 1, max: 9_999 }).map((price) => (price / 10_000).toFixed(4));
    fc.assert(
      fc.property(fc.oneof(cents, fractions), (price) => {
        expect(readPrice(price)).toBe(price);
      }),
    );
  });
});

describe('roundPrice', () => {
  it.each([
    [184.501, 'up', '184.51'],
    [184.509, 'down', '184.50'],
    [184.5, 'up', '184.50'],
    [184.5, 'down', '184.50'],
    // 1.1 × 3 and 100 × 1.1 are not exact in floating point.
    [1.1 * 3, 'up', '3.30'],
    [100 * 1.1, 'up', '110.00'],
    [1.15 * 100, 'down', '115.00'],
    [0.12341, 'up', '0.1235'],
    [0.12349, 'down', '0.1234'],
    [0.99995, 'up', '1.00'],
    [0.99999, 'down', '0.9999'],
    [1.009, 'down', '1.00'],
    [0.00001, 'down', '0.0001'],
    [0.00001, 'up', '0.0001'],
  ] as const)('rounds %d %s to %s', (price, direction, rounded) => {
    expect(roundPrice(price, direction)).toBe(rounded);
  });

  it('returns a canonical price, never beyond the given one in the other direction', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0001, max: 99_000, noNaN: true }), (price) => {
        const [up, down] = [roundPrice(price, 'up'), roundPrice(price, 'down')];
        expect([readPrice(up), readPrice(down)]).toEqual([up, down]);
        expect(Number(up)).toBeGreaterThanOrEqual(price - 1e-9);
        expect(Number(down)).toBeLessThanOrEqual(price + 1e-9);
      }),
    );
  });
});

describe('amounts', () => {
  it.each([
    [1.1, 3, 3.3],
    [182.2, 10, 1_822],
    [0.1234, 1, 0.13],
    [0.1234, 10_000, 1_234],
    [0.0001, 1, 0.01],
    [99_999.99, 1_000_000, 99_999_990_000],
  ])('%d × %d is %d, rounded up to a cent', (price, quantity, amount) => {
    expect(notional(price, quantity)).toBe(amount);
  });

  it('are written as people read them', () => {
    expect(usdPrice(184.5)).toBe('USD 184.50');
    expect(usdPrice(1_184.5)).toBe('USD 1,184.50');
    expect(usdPrice(1)).toBe('USD 1.00');
    expect(usdPrice(0.9999)).toBe('USD 0.9999');
    expect(usdPrice(0.5)).toBe('USD 0.5000');
    expect(shares(1_000)).toBe('1,000');
  });
});

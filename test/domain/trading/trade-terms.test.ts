// Tests that the terms of a trade stay as they are in every later version: executions that wait for a decision when a
// version is deployed are traded on the terms that an earlier version bound.
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestTerms } from '../../../domain/terms.ts';
import { asLimitOrder, type TermsVersion1 } from '../../../domain/trading/terms-version-1.ts';
import {
  amountAtStake,
  bandLimit,
  isMarketable,
  isTighter,
  type TradeTerms,
} from '../../../domain/trading/trade-terms.ts';
import { readTerms } from '../../../functions/trading/trade-input.ts';

const terms: TradeTerms = {
  version: 2,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '184.50',
  timeInForce: 'day',
  account: 'paper',
  requester: 'U0ANA',
};

const sale: TradeTerms = { ...terms, side: 'sell' };

const version1: TermsVersion1 = {
  version: 1,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  price: 182.2,
  priced_at: '2026-11-02T10:00:00.000Z',
  requester: 'U0ANA',
};

describe('the canonical form', () => {
  it('of version 1 is as it was when it was released', () => {
    expect(digestTerms(version1)).toEqual({
      json: '{"price":182.2,"priced_at":"2026-11-02T10:00:00.000Z","quantity":10,"requester":"U0ANA","side":"buy","symbol":"AMZN","version":1}',
      digest: '39aa342c3ebe7bd18d4e1997bee501b35b3318e6f9746bc4ecb537fd2ca350ef',
    });
    expect(digestTerms({ ...version1, requester: undefined }).json).not.toContain('requester');
  });

  it('of version 2 is as it was when it was released', () => {
    expect(digestTerms(terms)).toEqual({
      json: '{"account":"paper","limitPrice":"184.50","quantity":10,"requester":"U0ANA","side":"buy","symbol":"AMZN","timeInForce":"day","version":2}',
      digest: '13d0fcf6f84afac7fa523dab47da92504c57ee2a9d3f3debd1b463038a8f5c35',
    });
    expect(digestTerms({ ...terms, requester: undefined }).json).not.toContain('requester');
  });

  it('is the same for the same trade, however its members are sorted', () => {
    const { digest } = digestTerms(terms);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.entries(terms), { minLength: 8 }), (entries) => {
        expect(digestTerms(Object.fromEntries(entries)).digest).toBe(digest);
      }),
    );
  });

  const others: { readonly [Member in keyof Required<TradeTerms>]: unknown } = {
    version: 3,
    side: 'sell',
    symbol: 'AMZM',
    quantity: 11,
    limitPrice: '184.51',
    timeInForce: 'ioc',
    account: 'live',
    requester: 'U0BEN',
  };

  it.each([...Object.entries(others), ['requester', undefined] as const])(
    'differs if %s is %s',
    (member, value) => {
      expect(digestTerms({ ...terms, [member]: value }).digest).not.toBe(digestTerms(terms).digest);
    },
  );

  it('differs for different trades, whatever texts a person chooses', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      // Texts that would collide if members were joined or not escaped.
      fc
        .array(
          fc.constantFrom(
            '"',
            '\\',
            ',',
            ':',
            '{',
            '}',
            '10',
            'AMZN',
            '"side":"buy"',
            '\u0000',
            'é',
            'e\u0301',
          ),
        )
        .map((parts) => parts.join('')),
    );
    const anyTerms = fc.record(
      {
        version: fc.constantFrom(1, 2),
        side: anyText,
        symbol: anyText,
        quantity: fc.oneof(fc.integer(), anyText),
        limitPrice: anyText,
        timeInForce: anyText,
        account: anyText,
        requester: anyText,
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    fc.assert(
      fc.property(anyTerms, anyTerms, fc.boolean(), (one, another, isShuffled) => {
        const second = isShuffled ? Object.fromEntries(Object.entries(one).toReversed()) : another;
        const isSame = isDeepStrictEqual(one, second);
        const [first, other] = [digestTerms(one), digestTerms(second)];
        expect(first.json === other.json).toBe(isSame);
        expect(first.digest === other.digest).toBe(isSame);
        // Nothing is lost: the canonical form has every member.
        expect(JSON.parse(first.json)).toEqual(one);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not exist for a text with half a character', () => {
    expect(() => digestTerms({ ...terms, symbol: '\uD800' })).toThrow('Lone surrogate');
  });
});

describe('readTerms', () => {
  it('reads what the canonical form has', () => {
    expect(readTerms(JSON.parse(digestTerms(terms).json))).toStrictEqual(terms);
    const { requester: _, ...withoutRequester } = terms;
    expect(readTerms(withoutRequester)).toStrictEqual(withoutRequester);
  });

  it.each([
    undefined,
    null,
    'terms',
    {},
    version1,
    { ...terms, version: 3 },
    { ...terms, side: 'Buy' },
    { ...terms, quantity: '10' },
    { ...terms, quantity: 0 },
    { ...terms, quantity: 1.5 },
    { ...terms, limitPrice: 184.5 },
    { ...terms, limitPrice: '184.5' },
    { ...terms, limitPrice: '$184.50' },
    { ...terms, timeInForce: 'gtc' },
    { ...terms, requester: null },
    { ...terms, requester: 'Ana' },
    { ...terms, account: undefined },
    { ...terms, more: true },
  ])('does not read %o', (value) => {
    expect(readTerms(value)).toBeUndefined();
  });
});

describe('isTighter', () => {
  it.each<[TradeTerms, Partial<TradeTerms>, boolean]>([
    [terms, {}, true],
    [terms, { quantity: 9 }, true],
    [terms, { quantity: 11 }, false],
    [terms, { limitPrice: '184.49' }, true],
    [terms, { limitPrice: '184.51' }, false],
    // Compared as numbers: as texts, `99.00` is above `184.50`.
    [terms, { limitPrice: '99.00' }, true],
    [terms, { limitPrice: '1184.50' }, false],
    [terms, { timeInForce: 'ioc' }, true],
    [{ ...terms, timeInForce: 'ioc' }, { timeInForce: 'day' }, false],
    [{ ...terms, timeInForce: 'ioc' }, { quantity: 9 }, true],
    [terms, { side: 'sell' }, false],
    [terms, { symbol: 'NVDA' }, false],
    [terms, { account: 'live' }, false],
    [terms, { requester: 'U0BEN' }, false],
    [terms, { requester: undefined }, false],
    [terms, { quantity: 9, limitPrice: '184.51' }, false],
    [terms, { quantity: 11, limitPrice: '184.49' }, false],
    [terms, { quantity: 9, limitPrice: '184.49', timeInForce: 'ioc' }, true],
    [sale, { limitPrice: '184.51' }, true],
    [sale, { limitPrice: '184.49' }, false],
    [sale, { limitPrice: '99.00' }, false],
    [sale, { quantity: 9 }, true],
    [sale, { side: 'buy' }, false],
  ])('compares %o with a change of %o: %s', (approved, change, expected) => {
    expect(isTighter({ ...approved, ...change }, approved)).toBe(expected);
  });
});

describe('bandLimit', () => {
  it.each([
    ['buy', 184.46, 1, '186.31'],
    ['sell', 184.46, 1, '182.61'],
    ['buy', 100, 1, '101.00'],
    ['sell', 100, 1, '99.00'],
    ['buy', 100, 0, '100.00'],
    ['sell', 100, 0, '100.00'],
    ['buy', 0.5, 1, '0.5050'],
    ['sell', 0.5, 1, '0.4950'],
    ['buy', 0.995, 1, '1.01'],
    ['sell', 1.005, 1, '0.9949'],
  ] as const)('to %s at %d with a band of %d %% is %s', (side, price, percent, limit) => {
    expect(bandLimit(side, price, percent)).toBe(limit);
  });
});

describe('amountAtStake', () => {
  it.each([
    [terms, 180, 1_845],
    // A buy never costs more than its limit.
    [terms, 200, 1_845],
    [sale, 180, 1_845],
    [sale, 200, 2_000],
    [{ ...terms, limitPrice: '0.1234', quantity: 1 }, 1, 0.13],
  ])('of %o at an ask of %d is USD %d', (order, ask, amount) => {
    expect(amountAtStake(order, ask)).toBe(amount);
  });
});

describe('isMarketable', () => {
  const quote = (bid: number, ask: number) => ({
    symbol: 'AMZN',
    price: bid,
    average: bid,
    at: '',
    bid,
    ask,
  });
  it.each([
    [terms, quote(184, 184.5), true],
    [terms, quote(184, 184.51), false],
    [sale, quote(184.5, 185), true],
    [sale, quote(184.49, 185), false],
  ])('%o at %o: %s', (order, at, expected) => {
    expect(isMarketable(order, at)).toBe(expected);
  });
});

describe('version 1', () => {
  it('is traded at the approved price or better, at once', () => {
    expect(asLimitOrder(version1, 'paper')).toEqual({
      version: 2,
      side: 'buy',
      symbol: 'AMZN',
      quantity: 10,
      limitPrice: '182.20',
      timeInForce: 'ioc',
      account: 'paper',
      requester: 'U0ANA',
    });
  });

  it('is never traded at a worse price, even if the approved one has more decimals', () => {
    expect(asLimitOrder({ ...version1, price: 182.209 }, 'paper').limitPrice).toBe('182.20');
    expect(asLimitOrder({ ...version1, price: 182.201, side: 'sell' }, 'paper').limitPrice).toBe('182.21');
  });
});

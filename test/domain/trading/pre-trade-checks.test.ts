import { describe, expect, it } from 'vitest';
import {
  checkTrade,
  type Snapshot,
  type TradeLimits,
  type CheckFailure,
  type TradeToCheck,
} from '../../../domain/trading/pre-trade-checks.ts';
import { readTicket } from '../../../domain/trading/ticket.ts';
import { bandLimit, type TradeTerms } from '../../../domain/trading/trade-terms.ts';

const now = new Date('2026-11-02T10:01:30.000Z');
const quote = {
  symbol: 'AMZN',
  price: 100,
  bid: 99.98,
  ask: 100.02,
  average: 101,
  at: '2026-11-02T10:00:00.000Z',
};
const limits: TradeLimits = {
  symbols: ['AMZN', 'NVDA', 'BRK.B'],
  restricted: ['NVDA'],
  maxAmount: 1_000_000,
};
const snapshot: Snapshot = { quote, position: 990, cash: 50_000 };

const buy: TradeTerms = {
  version: 2,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '101.03',
  timeInForce: 'day',
  account: 'paper',
  requester: 'U0ANA',
};
const sell: TradeTerms = { ...buy, side: 'sell', limitPrice: '98.98' };

function refusal(
  trade: TradeToCheck,
  differences: Partial<Snapshot> = {},
  own: Partial<TradeLimits> = {},
  at = now,
): CheckFailure | undefined {
  const checked = checkTrade(trade, { ...snapshot, ...differences }, { ...limits, ...own }, at);
  return 'refused' in checked ? checked.refused : undefined;
}

const quoted = (differences: object): Partial<Snapshot> => ({ quote: { ...quote, ...differences } });

describe('checkTrade', () => {
  it('returns the quote of an order that may be placed', () => {
    expect(checkTrade({ terms: buy }, snapshot, limits, now)).toStrictEqual({ quote });
    expect(checkTrade({ terms: sell }, snapshot, limits, now)).toStrictEqual({ quote });
  });

  const noSymbol = 'is not a symbol that can be traded here. You can trade AMZN, NVDA, BRK.B.';
  const badQuantity = 'The quantity must be a whole number of shares from 1 to 1,000,000.';
  const rich = { cash: 1_000_000_000, position: 1_000_000 };

  /** Each rule at its bound, and one step past it. */
  it.each<[string, TradeToCheck, Partial<Snapshot>, Partial<TradeLimits>, CheckFailure | undefined]>([
    ['a listed symbol', { terms: { ...buy, symbol: 'BRK.B' } }, {}, {}, undefined],
    [
      'a symbol that is not listed',
      { terms: { ...buy, symbol: 'BRK.A' } },
      {},
      {},
      { because: 'rule', text: `BRK.A ${noSymbol}` },
    ],
    [
      'a symbol in other letters',
      { terms: { ...buy, symbol: 'amzn' } },
      {},
      {},
      { because: 'rule', text: `“amzn” ${noSymbol}` },
    ],
    [
      'a restricted symbol',
      { terms: { ...buy, symbol: 'NVDA' } },
      {},
      {},
      { because: 'rule', text: 'NVDA is restricted and cannot be traded now.' },
    ],
    ['one share', { terms: { ...buy, quantity: 1 } }, {}, {}, undefined],
    ['no share', { terms: { ...buy, quantity: 0 } }, {}, {}, { because: 'rule', text: badQuantity }],
    ['half a share', { terms: { ...buy, quantity: 0.5 } }, {}, {}, { because: 'rule', text: badQuantity }],
    ['a million shares', { terms: { ...buy, quantity: 1_000_000 } }, rich, { maxAmount: 1e9 }, undefined],
    [
      'a million and one shares',
      { terms: { ...buy, quantity: 1_000_001 } },
      rich,
      { maxAmount: 1e9 },
      { because: 'rule', text: badQuantity },
    ],
    [
      'no quote',
      { terms: buy },
      { quote: undefined },
      {},
      { because: 'quote', text: 'There is no quote for AMZN now. Try again in a few minutes.' },
    ],
    ['a spread of 1 %', { terms: buy }, quoted({ bid: 99.5, ask: 100.5 }), {}, undefined],
    [
      'a spread of 1.02 %',
      { terms: buy },
      quoted({ bid: 99.49, ask: 100.51 }),
      {},
      {
        because: 'quote',
        text: 'The spread of AMZN is 1.02 % (maximum 1 %; bid USD 99.49, ask USD 100.51). Try again in a few minutes.',
      },
    ],
    ['a buy 5 % above the market', { terms: { ...buy, limitPrice: '105.00' } }, {}, {}, undefined],
    ['a buy 5 % below the market', { terms: { ...buy, limitPrice: '95.00' } }, {}, {}, undefined],
    [
      'a buy 5.01 % above the market',
      { terms: { ...buy, limitPrice: '105.01' }, limitPrice: '105.01' },
      {},
      {},
      {
        because: 'price',
        text: 'The limit of USD 105.01 is 5.01 % from the market (maximum 5 %; bid USD 99.98, ask USD 100.02). Try “/trade buy AMZN 10”.',
        quote,
      },
    ],
    [
      'a sell 5.01 % below the market',
      { terms: { ...sell, limitPrice: '94.99' }, limitPrice: '94.99' },
      {},
      {},
      {
        because: 'price',
        text: 'The limit of USD 94.99 is 5.01 % from the market (maximum 5 %; bid USD 99.98, ask USD 100.02). Try “/trade sell AMZN 10”.',
        quote,
      },
    ],
    [
      'a buy 5.01 % above the market, immediate or cancel',
      { terms: { ...buy, limitPrice: '105.01', timeInForce: 'ioc' }, limitPrice: '105.01' },
      {},
      {},
      {
        because: 'price',
        text: 'The limit of USD 105.01 is 5.01 % from the market (maximum 5 %; bid USD 99.98, ask USD 100.02). Try “/trade buy AMZN 10 ioc”.',
        quote,
      },
    ],
    ['a buy of just the maximum', { terms: buy }, {}, { maxAmount: 1_010.3 }, undefined],
    [
      'a buy a cent above the maximum',
      { terms: buy },
      {},
      { maxAmount: 1_010.29 },
      {
        because: 'rule',
        text: 'Above the USD 1,010.29 limit: 10 AMZN amount to USD 1,010.30. Try “/trade buy AMZN 9”.',
      },
    ],
    [
      'a sell that comes to just the maximum at the ask',
      { terms: sell },
      {},
      { maxAmount: 1_000.2 },
      undefined,
    ],
    [
      'a sell that comes to more at the ask',
      { terms: sell },
      {},
      { maxAmount: 1_000 },
      {
        because: 'rule',
        text: 'Above the USD 1,000 limit: 10 AMZN amount to USD 1,000.20. Try “/trade sell AMZN 9”.',
      },
    ],
    [
      'a maximum below one share',
      { terms: buy },
      {},
      { maxAmount: 50 },
      { because: 'rule', text: 'Above the USD 50 limit: 10 AMZN amount to USD 1,010.30.' },
    ],
    ['a sell of all shares', { terms: { ...sell, quantity: 990 } }, {}, {}, undefined],
    [
      'a sell of one share more',
      { terms: { ...sell, quantity: 991 } },
      {},
      {},
      { because: 'account', text: 'Insufficient position: 990 held. Try “/trade sell AMZN 990”.' },
    ],
    [
      'a sell at a chosen limit',
      { terms: { ...sell, quantity: 991, limitPrice: '100.50' }, limitPrice: '100.50' },
      {},
      {},
      {
        because: 'account',
        text: 'Insufficient position: 990 held. Try “/trade sell AMZN 990 limit 100.50”.',
      },
    ],
    [
      'a sell at a chosen limit, immediate or cancel',
      {
        terms: { ...sell, quantity: 991, limitPrice: '100.50', timeInForce: 'ioc' },
        limitPrice: '100.50',
      },
      {},
      {},
      {
        because: 'account',
        text: 'Insufficient position: 990 held. Try “/trade sell AMZN 990 limit 100.50 ioc”.',
      },
    ],
    [
      'a sell of what nobody holds',
      { terms: sell },
      { position: 0 },
      {},
      { because: 'account', text: 'Insufficient position: no AMZN held.' },
    ],
    ['a sell without cash', { terms: sell }, { cash: 0 }, {}, undefined],
    ['a buy without shares', { terms: buy }, { position: 0 }, {}, undefined],
    ['a buy for all cash', { terms: buy }, { cash: 1_010.3 }, {}, undefined],
    [
      'a buy for a cent more',
      { terms: buy },
      { cash: 1_010.29 },
      {},
      {
        because: 'account',
        text: 'Insufficient cash: needs USD 1,010.30, has USD 1,010.29. Try “/trade buy AMZN 9”.',
      },
    ],
    [
      'a buy at a chosen limit',
      { terms: { ...buy, limitPrice: '99.00' }, limitPrice: '99.00' },
      { cash: 985 },
      {},
      {
        because: 'account',
        text: 'Insufficient cash: needs USD 990.00, has USD 985.00. Try “/trade buy AMZN 9 limit 99.00”.',
      },
    ],
    [
      'a buy without cash',
      { terms: buy },
      { cash: 0 },
      {},
      { because: 'account', text: 'Insufficient cash: needs USD 1,010.30, has USD 0.00.' },
    ],
  ])('%s', (_, trade, differences, own, expected) => {
    expect(refusal(trade, differences, own)).toEqual(expected);
  });

  it('trusts a quote for 90 seconds', () => {
    const late = new Date(now.getTime() + 1);
    expect(refusal({ terms: buy })).toBeUndefined();
    expect(refusal({ terms: buy }, {}, {}, late)).toEqual({
      because: 'quote',
      text: 'The last quote for AMZN is 91 seconds old (maximum 90). Try again in a few minutes.',
    });
  });
});

describe('the suggested command', () => {
  const bandPercent = [0.25, 1, 4] as const;

  it.each<[string, TradeToCheck, Partial<Snapshot>, Partial<TradeLimits>]>([
    ['too few shares', { terms: { ...sell, quantity: 2_000 } }, {}, {}],
    ['too few shares, above the maximum too', { terms: { ...sell, quantity: 20_000 } }, {}, {}],
    ['too little cash', { terms: { ...buy, quantity: 800 } }, {}, {}],
    ['too little cash, above the maximum too', { terms: { ...buy, quantity: 20_000 } }, {}, {}],
    ['above the maximum', { terms: { ...buy, quantity: 400 } }, {}, { maxAmount: 30_000 }],
    [
      'above the maximum at a chosen limit',
      { terms: { ...sell, quantity: 400, limitPrice: '104.00' }, limitPrice: '104.00' },
      {},
      { maxAmount: 30_000 },
    ],
    [
      'too little cash at a chosen limit below the market',
      { terms: { ...buy, quantity: 800, limitPrice: '96.00' }, limitPrice: '96.00' },
      {},
      {},
    ],
    [
      'a limit far below the market, and cash for that limit only',
      { terms: { ...buy, quantity: 600, limitPrice: '50.00' }, limitPrice: '50.00' },
      {},
      {},
    ],
    [
      'a limit far above the market, and too few shares',
      { terms: { ...sell, quantity: 1_500, limitPrice: '200.00' }, limitPrice: '200.00' },
      {},
      {},
    ],
    [
      'too few shares at a chosen limit, immediate or cancel',
      {
        terms: { ...sell, quantity: 2_000, limitPrice: '100.50', timeInForce: 'ioc' },
        limitPrice: '100.50',
      },
      {},
      {},
    ],
  ])('passes the same rules, with the same time in force: %s', (_, trade, differences, own) => {
    const command = /“\/trade (.*)”\.$/.exec(refusal(trade, differences, own)?.text ?? '')?.[1] ?? '';
    const ticket = readTicket(command, { symbols: limits.symbols, defaultQuantity: 1 });
    if ('refused' in ticket) throw new Error(`“${command}”: ${ticket.refused}`);
    const { side = 'buy', quantity, timeInForce = 'day' } = ticket;
    expect(timeInForce).toBe(trade.terms.timeInForce);
    for (const percent of bandPercent) {
      const limitPrice =
        ticket.limitPrice ?? bandLimit(side, side === 'buy' ? quote.ask : quote.bid, percent);
      const terms = { ...trade.terms, side, quantity, limitPrice };
      expect(refusal({ terms }, differences, own)).toBeUndefined();
    }
  });
});

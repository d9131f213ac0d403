import { describe, expect, it } from 'vitest';
import {
  type Account,
  OPENING_ACCOUNT,
  type Order,
  place,
  positionOf,
} from '../../../domain/trading/paper-account.ts';

const now = new Date('2026-11-02T10:05:00.000Z');
const quote = {
  symbol: 'AMZN',
  price: 182.2,
  bid: 182.15,
  ask: 182.25,
  average: 184.79,
  at: '2026-11-02T10:05:00.000Z',
};
const buy: Order = {
  id: 'order-1',
  version: 2,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '184.00',
  timeInForce: 'day',
  account: 'paper',
  requester: 'U0ANA',
};
const sell: Order = { ...buy, side: 'sell', limitPrice: '180.00' };
const filled = (placed: ReturnType<typeof place>): { readonly account: Account } => {
  if (!('fill' in placed)) throw new Error(JSON.stringify(placed));
  return placed;
};

describe('place', () => {
  it('buys at the ask: less cash, more shares', () => {
    const fill = {
      id: 'order-1',
      side: 'buy',
      symbol: 'AMZN',
      quantity: 10,
      price: 182.25,
      time: '2026-11-02T10:05:00.000Z',
    };
    expect(place(OPENING_ACCOUNT, buy, quote, now)).toEqual({
      account: { cash: 100_000_000 - 182_250, positions: { AMZN: 1_010 }, fills: { 'order-1': fill } },
      fill,
    });
  });

  it('sells at the bid: more cash, fewer shares', () => {
    expect(place(OPENING_ACCOUNT, sell, quote, now)).toMatchObject({
      account: { cash: 100_000_000 + 182_150, positions: { AMZN: 990 } },
      fill: { side: 'sell', price: 182.15 },
    });
  });

  it('sells without cash, and buys more than it holds', () => {
    const poor = { ...OPENING_ACCOUNT, cash: 0 };
    expect(place(poor, sell, quote, now)).toMatchObject({ account: { cash: 182_150 } });
    expect(place(OPENING_ACCOUNT, { ...buy, quantity: 1_001 }, quote, now)).toMatchObject({
      account: { positions: { AMZN: 2_001 } },
    });
  });

  it.each<[Order, boolean]>([
    [{ ...buy, limitPrice: '182.25' }, true],
    [{ ...buy, limitPrice: '182.24' }, false],
    [{ ...sell, limitPrice: '182.15' }, true],
    [{ ...sell, limitPrice: '182.16' }, false],
    [{ ...buy, limitPrice: '182.24', timeInForce: 'ioc' }, false],
  ])('never fills at a price worse than the limit: %o', (order, isFilled) => {
    const fill = { price: Number(order.limitPrice) };
    const expected = isFilled ? { fill } : { notMarketable: true };
    expect(place(OPENING_ACCOUNT, order, quote, now)).toMatchObject(expected);
  });

  it('returns the earlier fill of an order whatever the market does now, and does not trade again', () => {
    const first = filled(place(OPENING_ACCOUNT, buy, quote, now));
    const later = new Date('2026-11-02T11:00:00.000Z');
    expect(place(first.account, buy, { ...quote, ask: 400 }, later)).toEqual(first);
    expect(place({ ...first.account, cash: 0 }, buy, quote, later)).toHaveProperty('fill');
  });

  it.each([
    [
      { ...buy, quantity: 10_000 },
      'The broker rejected the order: 10,000 AMZN cost USD 1,822,500.00, the account has USD 1,000,000.00.',
    ],
    [
      { ...sell, quantity: 1_001 },
      'The broker rejected the order: it sells 1,001 AMZN, the account holds 1,000.',
    ],
  ])('rejects %o with a reason', (order, rejected) => {
    expect(place(OPENING_ACCOUNT, order, quote, now)).toEqual({ rejected });
  });

  it('can spend its last cent and sell its last share', () => {
    const exactly = { ...OPENING_ACCOUNT, cash: 182_250 };
    expect(place(exactly, buy, quote, now)).toMatchObject({ account: { cash: 0 } });
    expect(place({ ...exactly, cash: 182_249 }, buy, quote, now)).toHaveProperty('rejected');
    expect(place(OPENING_ACCOUNT, { ...sell, quantity: 1_000 }, quote, now)).toMatchObject({
      account: { positions: { AMZN: 0 } },
    });
  });
});

describe('positionOf', () => {
  it('is what is held, and the opening position of a symbol that was never traded', () => {
    expect(positionOf(OPENING_ACCOUNT, 'AMZN')).toBe(1_000);
    expect(positionOf({ ...OPENING_ACCOUNT, positions: { AMZN: 0 } }, 'AMZN')).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { OPENING_ACCOUNT, type Order, place } from '../../../domain/trading/paper-account.ts';

const now = new Date('2026-11-02T10:05:00.000Z');
const buy: Order = { id: 'order-1', side: 'buy', symbol: 'AMZN', quantity: 10, price: 182.2 };

describe('paper account', () => {
  it('reduces the cash by the notional and increases the position when it buys', () => {
    expect(place(OPENING_ACCOUNT, buy, now)).toEqual({
      account: {
        cash: 100_000_000 - 182_200,
        positions: { AMZN: 1_010 },
        fills: { 'order-1': { ...buy, time: '2026-11-02T10:05:00.000Z' } },
      },
      fill: { ...buy, time: '2026-11-02T10:05:00.000Z' },
    });
  });

  it('increases the cash and reduces the position when it sells', () => {
    const placed = place(OPENING_ACCOUNT, { ...buy, side: 'sell' }, now);
    expect(placed).toMatchObject({ account: { cash: 100_000_000 + 182_200, positions: { AMZN: 990 } } });
  });

  it('sells without cash, and buys more than it holds', () => {
    const poor = { ...OPENING_ACCOUNT, cash: 0 };
    expect(place(poor, { ...buy, side: 'sell' }, now)).toMatchObject({ account: { cash: 182_200 } });
    expect(place(OPENING_ACCOUNT, { ...buy, price: 1, quantity: 1_001 }, now)).toMatchObject({
      account: { positions: { AMZN: 2_001 } },
    });
  });

  it('returns the earlier fill of an order and does not trade again', () => {
    const first = place(OPENING_ACCOUNT, buy, now);
    if ('rejected' in first) throw new Error(first.rejected);
    const resubmitted = place(first.account, buy, new Date('2026-11-02T11:00:00.000Z'));
    expect(resubmitted).toEqual(first);
  });

  it.each([
    [
      { ...buy, quantity: 10_000 },
      'The broker rejected the order: 10,000 AMZN cost USD 1,822,000.00, the account has USD 1,000,000.00.',
    ],
    [
      { ...buy, side: 'sell' as const, quantity: 1_001 },
      'The broker rejected the order: it sells 1,001 AMZN, the account holds 1,000.',
    ],
  ])('rejects %o with a reason', (order, rejected) => {
    expect(place(OPENING_ACCOUNT, order, now)).toEqual({ rejected });
  });

  it('can spend its last cent and sell its last share', () => {
    expect(place(OPENING_ACCOUNT, { ...buy, quantity: 1, price: 1_000_000 }, now)).toMatchObject({
      account: { cash: 0 },
    });
    expect(place(OPENING_ACCOUNT, { ...buy, side: 'sell', quantity: 1_000 }, now)).toMatchObject({
      account: { positions: { AMZN: 0 } },
    });
  });
});

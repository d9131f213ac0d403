import { describe, expect, it } from 'vitest';
import { NO_FILLS, type PaperOrder } from '../../../domain/trading/paper-execution.ts';
import {
  admit,
  availableCash,
  book,
  OPENING_ACCOUNT,
  type PaperAccount,
  positionOf,
  remove,
} from '../../../domain/trading/paper-orders.ts';

const order = (differences: Partial<PaperOrder> = {}): PaperOrder => ({
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '184.50',
  timeInForce: 'day',
  placedAt: '2026-11-02T10:00:30.000Z',
  ...differences,
});
const sale = (quantity: number) => order({ side: 'sell', quantity });
const filledAt = '2026-11-02T10:01:00.000Z';
const outcomeOf = (account: PaperAccount, id: string) => account.working[id]?.outcome;

describe('admit', () => {
  it('rejects an order to buy that costs more than the cash less what open orders may cost', () => {
    const account = admit({ ...OPENING_ACCOUNT, cash: 284_500 }, 'a', order());
    expect(outcomeOf(account, 'a')).toBeUndefined();
    expect(availableCash(account)).toBe(100_000);
    expect(outcomeOf(admit(account, 'b', order()), 'b')).toEqual({
      rejected:
        'The broker rejected the order: insufficient buying power: needs USD 1,845.00, has USD 1,000.00.',
    });
    expect(outcomeOf(admit({ ...account, cash: 2 * 184_500 }, 'b', order()), 'b')).toBeUndefined();
  });

  it('rejects an order to sell more than the shares held less what open orders sell', () => {
    const account = admit(OPENING_ACCOUNT, 'a', sale(996));
    expect(positionOf(account, 'AMZN')).toEqual({ symbol: 'AMZN', quantity: 1_000, available: 4 });
    expect(positionOf(account, 'NVDA').available).toBe(1_000);
    expect(outcomeOf(admit(account, 'b', sale(10)), 'b')).toEqual({
      rejected: 'The broker rejected the order: insufficient quantity available: 10 requested, 4 available.',
    });
    expect(outcomeOf(admit(account, 'b', sale(4)), 'b')).toBeUndefined();
  });

  it('reserves nothing for a rejected order', () => {
    const account = admit({ ...OPENING_ACCOUNT, cash: 100 }, 'a', order());
    expect(availableCash(account)).toBe(100);
    const short = admit(OPENING_ACCOUNT, 'a', sale(1_001));
    expect(positionOf(short, 'AMZN').available).toBe(1_000);
  });
});

describe('book', () => {
  const working = admit(OPENING_ACCOUNT, 'a', order());

  it('books what was filled since the last time', () => {
    const first = book(working, 'a', { filled: 4, cost: 72_000, filledAt, status: 'working' });
    expect(first).toMatchObject({ cash: 99_928_000, positions: { AMZN: 1_004 } });
    expect(availableCash(first)).toBe(99_928_000 - 110_700);
    expect(book(first, 'a', { filled: 4, cost: 72_000, filledAt, status: 'working' })).toBe(first);
    const all = book(first, 'a', { filled: 10, cost: 180_000, filledAt, status: 'filled' });
    expect(all).toMatchObject({ cash: 99_820_000, positions: { AMZN: 1_010 } });
    expect(outcomeOf(all, 'a')).toEqual({ status: 'filled', filled: 10, cost: 180_000, filledAt });
    expect(availableCash(all)).toBe(all.cash);
    expect(remove(all, 'a')).toEqual({ cash: 99_820_000, positions: { AMZN: 1_010 }, working: {} });
  });

  it('adds what a sale brought', () => {
    const sold = book(admit(OPENING_ACCOUNT, 'a', sale(10)), 'a', {
      filled: 6,
      cost: 60_000,
      filledAt,
      status: 'expired',
    });
    expect(sold).toMatchObject({ cash: 100_060_000, positions: { AMZN: 994 } });
    expect(positionOf(sold, 'AMZN')).toEqual({ symbol: 'AMZN', quantity: 994, available: 994 });
  });

  it('ends an order without fills, and leaves its symbol untraded', () => {
    const ended = book(working, 'a', { ...NO_FILLS, status: 'cancelled' });
    expect(outcomeOf(ended, 'a')).toEqual({ ...NO_FILLS, status: 'cancelled' });
    expect(ended.positions).toEqual({});
  });

  it('changes nothing for an order that ended, or that the account does not have', () => {
    const ended = book(working, 'a', { ...NO_FILLS, status: 'cancelled' });
    expect(book(ended, 'a', { filled: 10, cost: 180_000, filledAt, status: 'filled' })).toBe(ended);
    expect(book(ended, 'b', { filled: 10, cost: 180_000, filledAt, status: 'filled' })).toBe(ended);
  });
});

import { describe, expect, it } from 'vitest';
import { declineModal, readDeclineModal } from '../../../slack/views/decline-modal.ts';
import { noticeModal } from '../../../slack/views/notice-modal.ts';
import { readTradeForm, tradeForm } from '../../../slack/trading/views/trade-form.ts';
import { approval } from '../../support/approvals.ts';

const declining = {
  execution: 'run-1',
  id: 'approval-1',
  responseUrl: 'https://example.com/r',
  messageTs: '1.1',
};
const rules = { symbols: ['AMZN', 'NVDA'], defaultQuantity: 10 };
const private_metadata = JSON.stringify({ responseUrl: 'https://example.com/r' });

describe('modals', () => {
  it('have these blocks', () => {
    expect(declineModal(declining, approval())).toMatchSnapshot('decline');
    expect(tradeForm(rules, 'https://example.com/r')).toMatchSnapshot('trade');
    expect(noticeModal('Decline', 'It is over.')).toMatchSnapshot('notice');
  });

  it.each([
    ['  too dear ', 'too dear'],
    ['   ', undefined],
    [null, undefined],
  ])('read the reason %o as %o', (value, reason) => {
    const view = {
      private_metadata: declineModal(declining).private_metadata ?? '',
      state: { values: { reason: { reason: { value } } } },
    };
    expect(readDeclineModal(view)).toEqual({ ...declining, reason });
  });

  const filled = (
    symbol: string | null,
    quantity: string | null,
    note: string | null = null,
    others: Readonly<Record<string, Readonly<Record<string, object>>>> = {},
  ) => ({
    private_metadata,
    state: {
      values: {
        symbol: { symbol: { selected_option: symbol === null ? null : { value: symbol } } },
        quantity: { quantity: { value: quantity } },
        note: { note: { value: note } },
        ...others,
      },
    },
  });

  it('read the trade form as a ticket', () => {
    expect(readTradeForm(filled('NVDA', '5', ' why not '), rules)).toEqual({
      ticket: { symbol: 'NVDA', quantity: 5, timeInForce: 'day', note: 'why not' },
      responseUrl: 'https://example.com/r',
    });
  });

  it('read side, limit and time in force, and refuse a limit without a side at its field', () => {
    const limit = { limit: { value: ' $184.5 ' } };
    const others = {
      side: { side: { selected_option: { value: 'sell' } } },
      limit,
      time_in_force: { time_in_force: { selected_option: { value: 'ioc' } } },
    };
    expect(readTradeForm(filled('NVDA', '5', null, others), rules)).toMatchObject({
      ticket: { symbol: 'NVDA', quantity: 5, side: 'sell', limitPrice: '184.50', timeInForce: 'ioc' },
    });
    const recommended = { limit, side: { side: { selected_option: { value: 'recommended' } } } };
    expect(readTradeForm(filled('NVDA', '5', null, recommended), rules)).toEqual({
      errors: { limit: 'A limit needs a side: buy or sell.' },
    });
    expect(readTradeForm(filled('NVDA', '5', null, { limit: { limit: { value: '0' } } }), rules)).toEqual({
      errors: { limit: expect.stringMatching(/^The limit must be a price up to USD .*, not “0”\.$/) },
    });
  });

  it.each([
    ['NVDA', '0', 'quantity'],
    ['NVDA', '1.5', 'quantity'],
    ['NVDA', '5 6', 'quantity'],
    ['NVDA', '10000000', 'quantity'],
    ['NOPE', '5', 'symbol'],
    [null, '5', 'symbol'],
  ])('report, for the symbol %o and the quantity %o, an error at the field %s', (symbol, quantity, field) => {
    expect(readTradeForm(filled(symbol, quantity), rules)).toEqual({
      errors: { [field]: expect.stringMatching(/^(The quantity must|NOPE is not|“” is not)/) },
    });
  });
});

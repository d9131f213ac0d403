import { describe, expect, it } from 'vitest';
import { readTicket } from '../../../domain/trading/ticket.ts';

const rules = { symbols: ['AMZN', 'BRK.B'], defaultQuantity: 10 };

describe('readTicket', () => {
  it.each([
    ['AMZN 7', { symbol: 'AMZN', quantity: 7 }],
    ['AMZN', { symbol: 'AMZN', quantity: 10 }],
    ['  amzn   1000000 ', { symbol: 'AMZN', quantity: 1_000_000 }],
    ['AMZN 1,000', { symbol: 'AMZN', quantity: 1_000 }],
    ['AMZN 1,000,000', { symbol: 'AMZN', quantity: 1_000_000 }],
    ['brk.b 1', { symbol: 'BRK.B', quantity: 1 }],
  ])('reads "%s"', (text, ticket) => {
    expect(readTicket(text, rules)).toEqual(ticket);
  });

  const badQuantity = 'The quantity must be a whole number of shares from 1 to 1,000,000.';
  const unknown = 'That is not a symbol that can be traded here. These are: AMZN, BRK.B.';

  it.each([
    ['AMZN 0', badQuantity],
    ['AMZN 1,00', badQuantity],
    ['AMZN -1', badQuantity],
    ['AMZN 1.5', badQuantity],
    ['AMZN 1e9', badQuantity],
    ['AMZN 1e3', badQuantity],
    ['AMZN 0x10', badQuantity],
    ['AMZN ten', badQuantity],
    ['AMZN 1000001', badQuantity],
    ['AMZN 99999999999999999999', badQuantity],
    ['AMZN 10 extra', 'That is more than a symbol and a quantity; a note goes into the form, `/trade`.'],
    ['NVDA 10', 'NVDA is not a symbol that can be traded here. These are: AMZN, BRK.B.'],
    ['am$zn 10', unknown],
    ['<!channel> 10', unknown],
    ['🚀 10', unknown],
    ['A'.repeat(300), unknown],
  ])('rejects "%s" with an explanation that quotes nothing but a possible symbol', (text, refused) => {
    expect(readTicket(text, rules)).toEqual({ refused });
  });
});

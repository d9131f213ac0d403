import { describe, expect, it } from 'vitest';
import { readTradeForm, tradeForm } from '../../../../slack/trading/views/trade-form.ts';

const rules = { symbols: ['AMZN', 'NVDA'], defaultQuantity: 10 };
const responseUrl = 'https://example.com/r';
const chosen = (value: string) => ({ selected_option: { value } });

interface Filled {
  readonly symbol?: string;
  readonly side?: string;
  readonly quantity?: string | null;
  readonly limit?: string | null;
  readonly time?: string;
  readonly note?: string | null;
}

function submitted({ symbol = 'AMZN', side = 'buy', quantity = '10', limit, time = 'day', note }: Filled) {
  return {
    private_metadata: JSON.stringify({ responseUrl }),
    state: {
      values: {
        symbol: { symbol: chosen(symbol) },
        side: { side: chosen(side) },
        quantity: { quantity: { value: quantity } },
        limit: { limit: { value: limit ?? null } },
        time_in_force: { time_in_force: chosen(time) },
        note: { note: { value: note ?? null } },
      },
    },
  };
}

describe('the trade form', () => {
  it('has a field for each member of a ticket, and asks for the recommended side if nothing is chosen', () => {
    const { blocks, private_metadata } = tradeForm(rules, responseUrl);
    expect(JSON.parse(private_metadata ?? '')).toEqual({ responseUrl });
    expect(blocks.map((block) => [block.block_id, 'optional' in block && block.optional])).toEqual([
      ['symbol', false],
      ['side', false],
      ['quantity', false],
      ['limit', true],
      ['time_in_force', false],
      ['note', true],
    ]);
    expect(blocks[1]).toMatchObject({
      element: {
        initial_option: { value: 'recommended' },
        options: [{}, { value: 'buy' }, { value: 'sell' }],
      },
    });
    expect(blocks[4]).toMatchObject({
      element: { initial_option: { value: 'day' }, options: [{}, { value: 'ioc' }] },
    });
  });

  it.each<[Filled, object]>([
    [{}, { side: 'buy', timeInForce: 'day' }],
    [{ side: 'recommended' }, { timeInForce: 'day' }],
    [
      { side: 'sell', time: 'ioc' },
      { side: 'sell', timeInForce: 'ioc' },
    ],
    [{ limit: ' $184.5 ' }, { side: 'buy', limitPrice: '184.50', timeInForce: 'day' }],
    [
      { limit: '  ', note: '  ' },
      { side: 'buy', timeInForce: 'day' },
    ],
    [{ note: ' why not ' }, { side: 'buy', timeInForce: 'day', note: 'why not' }],
  ])('reads %o', (filled, ticket) => {
    expect(readTradeForm(submitted(filled), rules)).toStrictEqual({
      ticket: { symbol: 'AMZN', quantity: 10, ...ticket },
      responseUrl,
    });
  });

  const badQuantity = (value: string) =>
    `The quantity must be a whole number of shares from 1 to 1,000,000, not “${value}”.`;
  const badLimit =
    'The limit must be a price up to USD 100,000 with at most two decimals (four below USD 1), such as 184.50, not “184.501”.';

  it.each<[Filled, object]>([
    [{ quantity: '0' }, { quantity: badQuantity('0') }],
    [{ quantity: '1.5' }, { quantity: badQuantity('1.5') }],
    [{ quantity: '10000000' }, { quantity: badQuantity('10000000') }],
    [{ quantity: '１０' }, { quantity: badQuantity('１０') }],
    [{ quantity: null }, { quantity: 'The quantity must be a whole number of shares from 1 to 1,000,000.' }],
    [
      { symbol: 'BTC/USD' },
      { symbol: 'BTC/USD is a pair, and only shares can be traded here. You can trade AMZN, NVDA.' },
    ],
    [{ limit: '184.501' }, { limit: badLimit }],
    [
      { limit: '184.50\u200B' },
      { limit: '“184.50” has an invisible character. Type it instead of pasting it.' },
    ],
    [{ side: 'recommended', limit: '184.50' }, { limit: 'A limit needs a side: buy or sell.' }],
    [
      { quantity: '0', limit: '184.501' },
      { quantity: badQuantity('0'), limit: badLimit },
    ],
  ])('names what is wrong at the field: %o', (filled, errors) => {
    expect(readTradeForm(submitted(filled), rules)).toStrictEqual({ errors });
  });
});

import { describe, expect, it } from 'vitest';
import { isQuantity, readQuantity, readTicket, type Ticket } from '../../../domain/trading/ticket.ts';

const rules = { symbols: ['AMZN', 'BRK.B'], defaultQuantity: 10 };
const symbols = 'You can trade AMZN, BRK.B.';
const INVISIBLE = {
  'zero-width space': '\u200B',
  'soft hyphen': '\u00AD',
  'right-to-left mark': '\u200F',
  'variation selector': '\uFE0F',
  'Hangul filler': '\u3164',
  bell: '\u0007',
};

function refusalOf(text: string, from: typeof rules = rules) {
  const read = readTicket(text, from);
  if (!('refused' in read)) throw new Error(`“${text}” was accepted: ${JSON.stringify(read)}`);
  return read;
}

function orders(words: readonly string[]): readonly (readonly string[])[] {
  if (words.length < 2) return [words];
  return words.flatMap((word, at) => orders(words.toSpliced(at, 1)).map((rest) => [word, ...rest]));
}

describe('readTicket', () => {
  it.each<[string, Ticket]>([
    ['AMZN', { symbol: 'AMZN', quantity: 10 }],
    ['amzn 10', { symbol: 'AMZN', quantity: 10 }],
    ['AMZN 7', { symbol: 'AMZN', quantity: 7 }],
    ['  amzn   1000000 ', { symbol: 'AMZN', quantity: 1_000_000 }],
    ['AMZN 1,000', { symbol: 'AMZN', quantity: 1_000 }],
    ['AMZN 1,000,000', { symbol: 'AMZN', quantity: 1_000_000 }],
    ['AMZN 007', { symbol: 'AMZN', quantity: 7 }],
    ['AMZN\u00A07', { symbol: 'AMZN', quantity: 7 }],
    ['brk.b 1', { symbol: 'BRK.B', quantity: 1 }],
    ['$amzn', { symbol: 'AMZN', quantity: 10 }],
    ['AMZN 10 shares', { symbol: 'AMZN', quantity: 10 }],
    ['1 share of amzn', { symbol: 'AMZN', quantity: 1 }],
    ['buy AMZN', { symbol: 'AMZN', quantity: 10, side: 'buy' }],
    ['BUY AMZN 10', { symbol: 'AMZN', quantity: 10, side: 'buy' }],
    ['Sell 10 AMZN', { symbol: 'AMZN', quantity: 10, side: 'sell' }],
    ['AMZN day', { symbol: 'AMZN', quantity: 10, timeInForce: 'day' }],
    ['AMZN IOC', { symbol: 'AMZN', quantity: 10, timeInForce: 'ioc' }],
    ['AMZN AMZN 10 10 buy Buy', { symbol: 'AMZN', quantity: 10, side: 'buy' }],
    [
      'sell 10 $AMZN limit 184.50 ioc -- note',
      {
        symbol: 'AMZN',
        quantity: 10,
        side: 'sell',
        limitPrice: '184.50',
        timeInForce: 'ioc',
        note: 'note',
      },
    ],
  ])('reads “%s”', (text, ticket) => {
    expect(readTicket(text, rules)).toStrictEqual(ticket);
  });

  it('reads the words in every order', () => {
    const ticket = { symbol: 'AMZN', quantity: 7, side: 'sell', limitPrice: '184.50', timeInForce: 'ioc' };
    for (const words of orders(['sell', '7', '$AMZN', 'limit 184.50', 'ioc', 'shares']))
      expect(readTicket(words.join(' '), rules)).toStrictEqual(ticket);
  });

  it.each([
    ['limit 184.5', '184.50'],
    ['LIMIT 184.50', '184.50'],
    ['limit $184.50', '184.50'],
    ['limit 1,184.50', '1184.50'],
    ['at 184', '184.00'],
    ['@184.50', '184.50'],
    ['@$184.50', '184.50'],
    ['@ 184.50', '184.50'],
    ['limit 0.1234', '0.1234'],
  ])('reads the limit “%s”', (limit, limitPrice) => {
    expect(readTicket(`buy AMZN ${limit}`, rules)).toStrictEqual({
      symbol: 'AMZN',
      quantity: 10,
      side: 'buy',
      limitPrice,
    });
  });

  it.each([
    ['AMZN -- before the split', 'before the split'],
    ['AMZN – before the split', 'before the split'],
    ['AMZN — before the split', 'before the split'],
    ['AMZN --  buy 20 @1 ', 'buy 20 @1'],
    ['AMZN -- one -- two', 'one -- two'],
    ['AMZN -- well-known, 2026–11', 'well-known, 2026–11'],
    ['AMZN -- a\u200Bb', 'a\u200Bb'],
    [`AMZN -- ${'n'.repeat(500)}`, 'n'.repeat(500)],
    ['AMZN --', undefined],
  ])('reads the note in “%s”', (text, note) => {
    expect(readTicket(text, rules)).toStrictEqual({
      symbol: 'AMZN',
      quantity: 10,
      ...(note === undefined ? {} : { note }),
    });
  });

  const badQuantity = 'The quantity must be a whole number of shares from 1 to 1,000,000';

  it.each([
    '0',
    '-1',
    '+1',
    '1.5',
    '.5',
    '1e3',
    '0x10',
    '10^7',
    '10000000',
    '1000001',
    '99999999999999999999',
    '1,00',
    '1000,000',
    '1,0000',
    '1,,000',
    '１０',
    '१०',
    '½',
    '10x',
    '10,',
  ])('refuses the quantity “%s” and repeats it', (quantity) => {
    expect(refusalOf(`buy AMZN ${quantity}`)).toStrictEqual({
      refused: `${badQuantity}, not “${quantity}”.`,
      understood: { side: 'buy', symbol: 'AMZN' },
    });
  });

  it.each(Object.entries(INVISIBLE))('refuses a word with an invisible character: %s', (_, character) => {
    const refused = (word: string) => `“${word}” has an invisible character. Type it instead of pasting it.`;
    expect(refusalOf(`sell AM${character}ZN 7`)).toStrictEqual({
      refused: refused('AMZN'),
      understood: { side: 'sell', quantity: 7 },
    });
    expect(refusalOf(`sell AMZN 7${character}`)).toStrictEqual({
      refused: refused('7'),
      understood: { side: 'sell', symbol: 'AMZN' },
    });
    expect(refusalOf(`sell AMZN limit 184.50${character}`)).toStrictEqual({
      refused: refused('184.50'),
      understood: { side: 'sell', symbol: 'AMZN' },
    });
  });

  it.each([
    ['NVDA 7', `NVDA is not a symbol that can be traded here. ${symbols}`],
    ['BRK.A 7', `BRK.A is not a symbol that can be traded here. ${symbols}`],
    ['ten 7', `TEN is not a symbol that can be traded here. ${symbols}`],
    ['BTC/USD 7', `BTC/USD is a pair, and only shares can be traded here. ${symbols}`],
    ['btc/usd 7', `BTC/USD is a pair, and only shares can be traded here. ${symbols}`],
    ['am$zn 7', `“AM$ZN” is not a symbol that can be traded here. ${symbols}`],
    ['<!channel> 7', `“<!CHANNEL>” is not a symbol that can be traded here. ${symbols}`],
    ['ＡＭＺＮ 7', `“ＡＭＺＮ” is not a symbol that can be traded here. ${symbols}`],
    [`A${'🚀'.repeat(41)} 7`, `“A${'🚀'.repeat(19)}” is not a symbol that can be traded here. ${symbols}`],
  ])('refuses the symbol in “%s”', (text, refused) => {
    expect(refusalOf(text)).toStrictEqual({ refused, understood: { quantity: 7 } });
  });

  it('refuses BRK.B if it is not listed', () => {
    expect(refusalOf('BRK.B 7', { ...rules, symbols: ['AMZN'] }).refused).toBe(
      'BRK.B is not a symbol that can be traded here. You can trade AMZN.',
    );
  });

  const badTimeInForce = 'The time in force must be day or ioc, not';
  const limitOrdersOnly =
    'Only limit orders can be placed. Leave out the limit to get one close to the price.';
  const badLimit =
    'The limit must be a price up to USD 100,000 with at most two decimals (four below USD 1), such as 184.50';

  it.each<[string, string, object]>([
    ['buy sell AMZN', 'You typed both buy and sell. Use one.', { side: 'buy', symbol: 'AMZN' }],
    ['AMZN BRK.B', 'You typed both AMZN and BRK.B. Use one.', { symbol: 'AMZN' }],
    ['AMZN 7 8', 'You typed both 7 and 8. Use one.', { symbol: 'AMZN', quantity: 7 }],
    ['AMZN ioc day', 'You typed both ioc and day. Use one.', { symbol: 'AMZN', timeInForce: 'ioc' }],
    [
      'buy AMZN @1.00 limit 2',
      'You typed both 1.00 and 2.00. Use one.',
      { side: 'buy', symbol: 'AMZN', limitPrice: '1.00' },
    ],
    ['AMZN limit 184.50', 'A limit needs a side: buy or sell.', { symbol: 'AMZN', limitPrice: '184.50' }],
    ['AMZN GTC 7', `${badTimeInForce} gtc.`, { symbol: 'AMZN', quantity: 7 }],
    ['AMZN gtd', `${badTimeInForce} gtd.`, { symbol: 'AMZN' }],
    ['fok AMZN', `${badTimeInForce} fok.`, { symbol: 'AMZN' }],
    ['AMZN opg', `${badTimeInForce} opg.`, { symbol: 'AMZN' }],
    ['AMZN cls', `${badTimeInForce} cls.`, { symbol: 'AMZN' }],
    ['AMZN ioc fok', `${badTimeInForce} fok.`, { symbol: 'AMZN', timeInForce: 'ioc' }],
    ['buy AMZN market', limitOrdersOnly, { side: 'buy', symbol: 'AMZN' }],
    ['Buy 7 AMZN at Market', limitOrdersOnly, { side: 'buy', symbol: 'AMZN', quantity: 7 }],
    ['MKT sell AMZN', limitOrdersOnly, { side: 'sell', symbol: 'AMZN' }],
    ['AMZN gtcs', `GTCS is not a symbol that can be traded here. ${symbols}`, { symbol: 'AMZN' }],
    ['AMZN markets', `MARKETS is not a symbol that can be traded here. ${symbols}`, { symbol: 'AMZN' }],
    ['', `The symbol is missing. ${symbols}`, {}],
    ['buy 7 shares', `The symbol is missing. ${symbols}`, { side: 'buy', quantity: 7 }],
    ['-- buy AMZN', `The symbol is missing. ${symbols}`, {}],
    [`AMZN -- ${'n'.repeat(501)}`, 'The note must be at most 500 characters.', { symbol: 'AMZN' }],
  ])('refuses “%s”', (text, refused, understood) => {
    expect(refusalOf(text)).toStrictEqual({ refused, understood });
  });

  it.each([
    '184.501',
    '1.0001',
    '0.00001',
    '0',
    '0.0000',
    '-1',
    '100000.01',
    '1e2',
    '184,50',
    '１８４',
    'ten',
  ])('refuses the limit “%s”', (limit) => {
    for (const text of [`limit ${limit}`, `@${limit}`])
      expect(refusalOf(`buy AMZN ${text}`)).toStrictEqual({
        refused: `${badLimit}, not “${limit}”.`,
        understood: { side: 'buy', symbol: 'AMZN' },
      });
  });

  it('refuses a limit without a price', () => {
    expect(refusalOf('buy AMZN limit').refused).toBe(`${badLimit}.`);
    expect(refusalOf('buy AMZN @').refused).toBe(`${badLimit}.`);
  });

  it('names the first mistake, and reads on for what was understood', () => {
    expect(refusalOf('sell 0 limit x AMZN ioc')).toStrictEqual({
      refused: `${badQuantity}, not “0”.`,
      understood: { side: 'sell', symbol: 'AMZN', timeInForce: 'ioc' },
    });
  });
});

describe('quantities', () => {
  it.each([
    ['1', 1],
    ['1,000,000', 1_000_000],
    ['', undefined],
    [' 1', undefined],
    ['1\n', undefined],
  ])('are read from %j', (text, quantity) => {
    expect(readQuantity(text)).toBe(quantity);
  });

  it.each([
    [0, false],
    [1, true],
    [1.5, false],
    [1_000_000, true],
    [1_000_001, false],
    [Number.NaN, false],
    [Number.POSITIVE_INFINITY, false],
  ])('%d is valid: %s', (quantity, isValid) => {
    expect(isQuantity(quantity)).toBe(isValid);
  });
});

import { expect, it } from 'vitest';
import { tradeHelp, tradeRefused, tradeStarted } from '../../../bot/views/trade-answers.ts';

const rules = { symbols: ['AMZN', 'NVDA'], defaultQuantity: 10 };

it('says what was started, and where to look', () => {
  expect(tradeStarted({ symbol: 'AMZN', quantity: 1_000 }, 'C0TRADING')).toBe(
    'Checking AMZN. A recommendation for 1,000 AMZN comes to <#C0TRADING> in a moment, for approval there.',
  );
});

it('says what is wrong, with an example that would work', () => {
  expect(tradeRefused('The quantity is wrong.', rules)).toBe(
    ':warning: The quantity is wrong. For example: `/trade AMZN 10`',
  );
});

it('says what can be typed', () => {
  expect(tradeHelp(rules)).toMatchInlineSnapshot(`
    "\`/trade AMZN 10\` checks the price of AMZN, recommends to buy or sell 10 shares, and asks for approval in the channel.
    \`/trade AMZN\` does the same for 10 shares, where none are named.
    \`/trade help\` shows this.
    Symbols: AMZN, NVDA."
  `);
});

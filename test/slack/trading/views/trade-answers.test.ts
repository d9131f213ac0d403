import { describe, expect, it } from 'vitest';
import { tradeResubmitted } from '../../../../slack/trading/views/resubmit-answer.ts';
import { tradeHelp, tradeRefused, tradeStarted } from '../../../../slack/trading/views/trade-answers.ts';
import { approval, command } from '../../../support/approvals.ts';

const rules = { symbols: ['AMZN', 'NVDA'], defaultQuantity: 10 };

describe('trade answers', () => {
  it('say what was started and where to look', () => {
    expect(tradeStarted({ symbol: 'AMZN', quantity: 1_000 }, 'C0TRADING')).toBe(
      'Checking AMZN: a request for 1,000 shares follows in <#C0TRADING>.',
    );
  });

  it('say what is wrong and give a valid example', () => {
    expect(tradeRefused('The quantity is wrong.', 'AMZN x', rules, command)).toBe(
      ':warning: The quantity is wrong.\nFor example: `/trade AMZN 10`',
    );
  });

  it('list the commands', () => {
    expect(tradeHelp(rules, command)).toMatchInlineSnapshot(`
      "\`/trade\` opens a form, with room for a note.
      \`/trade AMZN 10\` asks at once: the price is checked, buying or selling recommended, and approval asked for in the channel. The default is 10 shares.
      Symbols: AMZN, NVDA.
      \`/trade pending\` lists the pending requests, \`/trade status\` your own, \`/trade status AMZN-3f9c\` one execution. \`/trade cancel AMZN-3f9c\` stops it.
      For approvers: \`/trade audit 2026-11\` sends a file with what people did in that month."
    `);
  });

  it('say that the price of a resubmitted trade may differ', () => {
    expect(tradeResubmitted(approval())).toMatchInlineSnapshot(
      `"Asked again, at the current price: the new recommendation may differ from *Buy 10 AMZN for USD 1,822.00*."`,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readTicket, type Ticket, type TicketRefused } from '../../../../domain/trading/ticket.ts';
import { tradeResubmitted } from '../../../../slack/trading/views/resubmit-answer.ts';
import { tradeHelp, tradeRefused, tradeStarted } from '../../../../slack/trading/views/trade-answers.ts';
import { approval, command } from '../../../support/approvals.ts';

const rules = { symbols: ['AMZN', 'NVDA'], defaultQuantity: 10 };

function refused(text: string): TicketRefused {
  const read = readTicket(text, rules);
  if (!('refused' in read)) throw new Error(`“${text}” was accepted.`);
  return read;
}

describe('trade answers', () => {
  it.each<[Ticket, string]>([
    [{ symbol: 'AMZN', quantity: 1_000 }, '1,000 AMZN'],
    [{ symbol: 'AMZN', quantity: 10, side: 'buy', timeInForce: 'day' }, 'buy 10 AMZN, day'],
    [
      { symbol: 'AMZN', quantity: 10, side: 'sell', limitPrice: '1184.50', timeInForce: 'ioc', note: 'Why' },
      'sell 10 AMZN, limit USD 1,184.50, immediate or cancel, with the note “Why”',
    ],
  ])('say what was asked for and where to look: %o', (ticket, summary) => {
    expect(tradeStarted(ticket, 'C0TRADING')).toBe(
      `Checking: ${summary}. If it passes, the request appears in <#C0TRADING>. If not, you get a direct message.`,
    );
  });

  it.each([
    [
      'buy AMZN 1.5 ioc',
      ':warning: The quantity must be a whole number of shares from 1 to 1,000,000, not “1.5”.\nUnderstood: buy AMZN, immediate or cancel.\nFor example: `/trade buy AMZN 10`',
    ],
    [
      'AMZN limit 184.50',
      ':warning: A limit needs a side: buy or sell.\nUnderstood: AMZN, limit USD\u00A0184.50.\nFor example: `/trade buy AMZN 10`',
    ],
    [
      '<!channel>',
      ':warning: “&lt;!CHANNEL&gt;” is not a symbol that can be traded here. You can trade AMZN, NVDA.\nFor example: `/trade buy AMZN 10`',
    ],
    ['pendign', ':warning: Did you mean `/trade pending`?'],
  ])('to “%s” say what is wrong, what was understood, and give an example', (text, answer) => {
    expect(tradeRefused(refused(text), text, rules, command)).toBe(answer);
  });

  it('give examples that are read as tickets', () => {
    const examples = tradeHelp(rules, command)
      .split('\n')
      .slice(1, 3)
      .flatMap((line) => /^`\/trade ([^`]+)`/.exec(line)?.[1] ?? []);
    expect(examples.map((example) => readTicket(example, rules))).toEqual([
      { symbol: 'AMZN', quantity: 10, side: 'buy' },
      {
        symbol: 'AMZN',
        quantity: 10,
        side: 'sell',
        limitPrice: '184.50',
        timeInForce: 'ioc',
        note: 'rebalancing',
      },
    ]);
  });

  it('list the commands', () => {
    expect(tradeHelp(rules, command)).toMatchInlineSnapshot(`
      "\`/trade\` opens a form.
      \`/trade buy AMZN 10\` checks the order and requests approval in the channel. Without \`buy\` or \`sell\`, the side is recommended. The default quantity is 10.
      \`/trade sell AMZN 10 limit 184.50 ioc -- rebalancing\` requests to sell at USD 184.50 or better. \`ioc\`: immediate or cancel. A note follows \`--\`.
      Symbols: AMZN, NVDA.
      \`/trade positions\` shows the cash, the positions and the open orders.
      \`/trade pending\` lists the pending requests, \`/trade status\` your own, \`/trade status AMZN-3f9c\` one execution. \`/trade cancel AMZN-3f9c\` stops it.
      For approvers: \`/trade audit 2026-11\` sends a file with what people did in that month."
    `);
  });

  it('say that the price of a resubmitted trade may differ', () => {
    expect(tradeResubmitted(approval())).toMatchInlineSnapshot(
      `"Resubmitted at the current price: the new request may differ from *Buy 10 AMZN, total USD 1,822.00*."`,
    );
  });

  it('say that a trade was resubmitted with the limit that its workflow offered', () => {
    const resubmit = { label: 'Resubmit, limit 186.10', input: {} };
    expect(tradeResubmitted(approval({ result: { outcome: 'unfilled', resubmit } }))).toBe(
      'Resubmitted: *Buy 10 AMZN*, with a new limit.',
    );
  });
});

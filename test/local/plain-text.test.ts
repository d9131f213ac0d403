// Tests how messages of the local Slack read on a terminal.
import { describe, expect, it } from 'vitest';
import { plainBlocks, plainText, type Surroundings } from '../../local/plain-text.ts';

const surroundings: Surroundings = {
  now: Date.parse('2026-11-27T20:18:00Z'),
  zone: 'UTC',
  channels: { C0TRADING: 'trading' },
};

describe('plainText', () => {
  it.each([
    [':x: *Declined: Buy 10 AMZN* by <@U0CHLOE>.', '❌ Declined: Buy 10 AMZN by @Chloe.'],
    ['<!subteam^S0RISK> and <#C0TRADING> and <!here>', '@risk and #trading and @here'],
    ['<@U0NOBODY|Nora> <@U0NOBODY>', '@Nora @U0NOBODY'],
    [
      '<https://a.example/|Open the message> or <https://a.example/?x=1&amp;y=2>',
      'Open the message or https://a.example/?x=1&y=2',
    ],
    [
      'by <!date^1795811721^{time} {date_short_pretty}|2026-11-27 20:35 UTC>, <!date^1795811721^{week}|w>',
      'by 8:35 PM today, w',
    ],
    ['A &amp; B &lt;C&gt; ~no~ _yes_ `ref`', 'A & B <C> no yes ref'],
    ['&gt; a note\nthen', '> a note\nthen'],
  ])('%s', (mrkdwn, plain) => {
    expect(plainText(mrkdwn, surroundings)).toBe(plain);
  });
});

describe('plainBlocks', () => {
  it('has a line for each header, text, fact, row of buttons, chart and piece of code', () => {
    const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
    const button = (text: string) => ({
      type: 'button' as const,
      action_id: text,
      text: { type: 'plain_text' as const, text },
    });
    const lines = plainBlocks(
      [
        { type: 'header', text: { type: 'plain_text', text: ':hourglass: *Buy* &amp; hold' } },
        { type: 'section', text: mrkdwn('*One*\ntwo'), accessory: button('More') },
        { type: 'divider' },
        { type: 'section', fields: [mrkdwn('*Total*\nUSD 10.00'), mrkdwn('*Requested by*\n<@U0ANA>')] },
        { type: 'actions', elements: [button('Approve'), button(':x: Decline')] },
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'drop *;' }] }],
        },
        { type: 'context', elements: [mrkdwn('ref `a`'), mrkdwn('b')] },
      ],
      surroundings,
    );
    expect(lines).toEqual([
      '⌛ *Buy* &amp; hold',
      'One',
      'two',
      '[More]',
      'Total: USD 10.00',
      'Requested by: @Ana',
      '[Approve] [❌ Decline]',
      'drop *;',
      'ref a b',
    ]);
  });
});

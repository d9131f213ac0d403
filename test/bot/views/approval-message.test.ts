// The message by its whole value, once for each way an approval can stand.
import { expect, it } from 'vitest';
import { approvalMessage } from '../../../bot/views/approval-message.ts';
import type { Approval } from '../../../domain/approval.ts';
import { approval } from '../../approvals.ts';

const decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;
const declined = { ...decision, outcome: 'declined' } as const;

it('is this, while it waits', () => {
  expect(approvalMessage(approval())).toMatchInlineSnapshot(`
    {
      "blocks": [
        {
          "text": {
            "text": ":hourglass_flowing_sand: *Buy 10 AMZN* — waiting for a decision until <!date^1793614501^{date_short_pretty} at {time}|2026-11-02 10:15 UTC>",
            "type": "mrkdwn",
          },
          "type": "section",
        },
        {
          "fields": [
            {
              "text": "*Quantity*
    10 shares",
              "type": "mrkdwn",
            },
            {
              "text": "*Price*
    USD 182.20, <!date^1793613600^{time}|10:00 UTC>",
              "type": "mrkdwn",
            },
            {
              "text": "*Notional*
    USD 1,822.00",
              "type": "mrkdwn",
            },
          ],
          "type": "section",
        },
        {
          "text": {
            "text": "AMZN is 1.40 % below its average of the last hour, USD 184.79.",
            "type": "mrkdwn",
          },
          "type": "section",
        },
        {
          "elements": [
            {
              "text": "Requested by <@U0ANA> · execution AMZN-3f9c",
              "type": "mrkdwn",
            },
          ],
          "type": "context",
        },
        {
          "elements": [
            {
              "action_id": "approve",
              "style": "primary",
              "text": {
                "text": "Approve",
                "type": "plain_text",
              },
              "type": "button",
              "value": "{"execution":"AMZN-3f9c","id":"approval-00c0ffee00c0ffee"}",
            },
            {
              "action_id": "decline",
              "style": "danger",
              "text": {
                "text": "Decline",
                "type": "plain_text",
              },
              "type": "button",
              "value": "{"execution":"AMZN-3f9c","id":"approval-00c0ffee00c0ffee"}",
            },
          ],
          "type": "actions",
        },
      ],
      "text": "Buy 10 AMZN — waiting for a decision until <!date^1793614501^{date_short_pretty} at {time}|2026-11-02 10:15 UTC>
    Quantity: 10 shares
    Price: USD 182.20, <!date^1793613600^{time}|10:00 UTC>
    Notional: USD 1,822.00
    AMZN is 1.40 % below its average of the last hour, USD 184.79.",
    }
  `);
});

it.each<[string, Partial<Approval>]>([
  ['approved', { status: 'approved', decision }],
  ['filled', { status: 'approved', decision, result: { outcome: 'filled', text: 'Bought 10 AMZN.' } }],
  ['failed', { status: 'approved', decision, result: { outcome: 'failed', text: 'Rejected.' } }],
  ['declined', { status: 'declined', decision: declined }],
  ['expired', { status: 'expired', result: { outcome: 'expired' } }],
  ['decided, but too late', { status: 'expired', decision, result: { outcome: 'expired' } }],
  ['cancelled', { status: 'cancelled', result: { outcome: 'cancelled' } }],
  ['stopped after the decision', { status: 'cancelled', decision, result: { outcome: 'cancelled' } }],
])('once %s bears no buttons, and says so in its first line and in its text', (_, differences) => {
  const { text, blocks } = approvalMessage(approval(differences));
  expect({ first: blocks[0], text: text.split('\n')[0] }).toMatchSnapshot();
  expect(blocks.some(({ type }) => type === 'actions')).toBe(false);
});

it('says in words where nobody in Slack asked', () => {
  const { requester: _, ...request } = approval().request;
  const { blocks } = approvalMessage(approval({ request }));
  expect(JSON.stringify(blocks)).toContain('Started outside Slack');
});

it('shows what came from outside as text: no mention, no format, no half escape', () => {
  const request = {
    ...approval().request,
    title: '<!channel> *Buy*',
    reason: `${'&'.repeat(900)}<@U0BEN>`,
    note: 'a\n> b',
  };
  const { text, blocks } = approvalMessage(approval({ request }));
  const shown = JSON.stringify(blocks);
  expect(shown).not.toContain('<!channel>');
  expect(shown).not.toContain('<@U0BEN>');
  expect(text).not.toContain('<!channel>');
  const reason = blocks.find((block) => block.type === 'section' && block.text?.text.startsWith('&amp;'));
  if (reason?.type !== 'section') throw new Error('no reason');
  expect(reason.text?.text.length).toBeLessThanOrEqual(3_000);
  expect(reason.text?.text).toMatch(/&amp;…$/);
});

// Tests the message for each state of an approval: its words and buttons in one snapshot for every state, and all
// blocks for three of them.
import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { canBeDeclined, nobodyCanApprove } from '../../../domain/votes.ts';
import { approvalMessage } from '../../../slack/views/approval-message.ts';
import { approval } from '../../support/approvals.ts';
import { approvalIn, approvalStates } from '../../support/approval-states.ts';

describe('approvalMessage', () => {
  it.each(Object.keys(approvalStates))('shows this for “%s”', (name) => {
    const { text, blocks } = approvalMessage(approvalIn(name));
    const shown = blocks.map(words);
    expect(shown.join('\n')).toMatchSnapshot();
    // Screen readers and notifications read the text instead of the blocks, so it must say the same.
    // The code comes last in the text, on one line.
    const { code } = approvalIn(name).request;
    const apart = ['actions', 'rich_text'];
    const [first = '', ...others] = shown.filter((_, at) => !apart.includes(blocks[at]?.type ?? ''));
    const said = [first.replace(/^:\w+: \*(.*)\*$/m, '$1'), ...others.map((line) => line.replace(/^> /, ''))];
    const escalation = /^(If nobody decides:|Reminded|Escalated|Last reminder) ?/;
    const lines = said.filter((line) => !escalation.test(line));
    expect(text).toBe([...lines, ...(code ? [code.replaceAll('\n', ' ')] : [])].join('\n'));
  });

  it('shows a pending request with votes in these blocks', () => {
    expect(approvalMessage(approvalIn('half approved')).blocks).toMatchInlineSnapshot(`
      [
        {
          "text": {
            "text": ":hourglass_flowing_sand: *Buy 1,000 AMZN for USD 182,200.00?*
      1 of 2: <@U0BEN> approved at <!date^1793613840^{time} {date_short_pretty}|2026-11-02 10:04 UTC>. <@U0CHLOE> or <@U0DANA> may still approve, until <!date^1793614501^{time} {date_short_pretty}|2026-11-02 10:15 UTC>.
      Price USD 182.20 (<!date^1793613600^{time} {date_short_pretty}|2026-11-02 10:00 UTC>) · 1.40 % below the last hour's average.",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
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
            {
              "action_id": "undo_approval",
              "text": {
                "text": "Take back my approval",
                "type": "plain_text",
              },
              "type": "button",
              "value": "{"execution":"AMZN-3f9c","id":"approval-00c0ffee00c0ffee"}",
            },
          ],
          "type": "actions",
        },
        {
          "elements": [
            {
              "text": "If nobody decides: reminder at <!date^1793614051^{time} {date_short_pretty}|2026-11-02 10:07 UTC> · last reminder at <!date^1793614276^{time} {date_short_pretty}|2026-11-02 10:11 UTC>",
              "type": "mrkdwn",
              "verbatim": true,
            },
          ],
          "type": "context",
        },
        {
          "elements": [
            {
              "text": "Requested by <@U0ANA>, <!date^1793613601^{time} {date_short_pretty}|2026-11-02 10:00 UTC> · execution \`AMZN-3f9c\`",
              "type": "mrkdwn",
              "verbatim": true,
            },
          ],
          "type": "context",
        },
      ]
    `);
  });

  it('shows an approved and completed request in these blocks', () => {
    expect(approvalMessage(approvalIn('filled')).blocks).toMatchInlineSnapshot(`
      [
        {
          "text": {
            "text": ":chart_with_upwards_trend: *Filled: Buy 10 AMZN for USD 1,822.00*
      Approved by <@U0BEN> at <!date^1793613900^{time} {date_short_pretty}|2026-11-02 10:05 UTC>. Bought 10 AMZN at USD 182.22, USD 1,822.20 in all. Price in the request USD 182.20, at the approval USD 182.20, limit USD 184.05, slippage USD 0.20 (1.1 bps).
      Price USD 182.20 (<!date^1793613600^{time} {date_short_pretty}|2026-11-02 10:00 UTC>) · 1.40 % below the last hour's average.",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "elements": [
            {
              "text": "Requested by <@U0ANA>, <!date^1793613601^{time} {date_short_pretty}|2026-11-02 10:00 UTC> · execution \`AMZN-3f9c\`",
              "type": "mrkdwn",
              "verbatim": true,
            },
          ],
          "type": "context",
        },
      ]
    `);
  });

  it('shows an expired request that can be resubmitted in these blocks', () => {
    expect(approvalMessage(approvalIn('expired')).blocks).toMatchInlineSnapshot(`
      [
        {
          "text": {
            "text": ":alarm_clock: *Expired: Buy 10 AMZN for USD 1,822.00*
      Nobody decided in time. Nothing was done.
      Price USD 182.20 (<!date^1793613600^{time} {date_short_pretty}|2026-11-02 10:00 UTC>) · 1.40 % below the last hour's average.",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "elements": [
            {
              "action_id": "resubmit",
              "text": {
                "text": "Ask again",
                "type": "plain_text",
              },
              "type": "button",
              "value": "{"execution":"AMZN-3f9c","id":"approval-00c0ffee00c0ffee"}",
            },
          ],
          "type": "actions",
        },
        {
          "elements": [
            {
              "text": "Requested by <@U0ANA>, <!date^1793613601^{time} {date_short_pretty}|2026-11-02 10:00 UTC> · execution \`AMZN-3f9c\`",
              "type": "mrkdwn",
              "verbatim": true,
            },
          ],
          "type": "context",
        },
      ]
    `);
  });

  it('asks for confirmation before Approve, with the title and the amount', () => {
    const { blocks } = approvalMessage(approvalIn('pending, with a note and a confirmation'));
    expect(buttons(blocks)[0]).toMatchObject({
      confirm: {
        text: { text: expect.stringMatching(/^Buy 1,000 AMZN for USD\s182,200\.00$/) },
        confirm: { text: 'Approve' },
      },
    });
    expect(JSON.stringify(approvalMessage(approvalIn('pending')).blocks)).not.toContain('"confirm"');
  });

  it.each(Object.entries(approvalStates))(
    'has only buttons that still have an effect for “%s”',
    (_, record) => {
      const pending = [
        ...(nobodyCanApprove(record) ? [] : ['approve']),
        ...(canBeDeclined(record) ? ['decline'] : []),
      ];
      const offered = record.result?.resubmit ? ['resubmit'] : [];
      const live =
        { pending, expired: ['resubmit'], declined: ['resubmit'] }[record.status as string] ?? offered;
      const voted =
        record.status === 'pending' && Object.keys(record.votes).length > 0 ? ['undo_approval'] : [];
      const ids = buttons(approvalMessage(record).blocks).map((button) =>
        'action_id' in button ? button.action_id : '',
      );
      expect(ids).toEqual(record.resubmitted ? [] : [...live, ...voted]);
    },
  );

  it.each(Object.entries(approvalStates))(
    'says in its text alone what, how much, why and by whom for “%s”',
    (_, record) => {
      const text = approvalMessage(record).text.replaceAll('\u00A0', ' ');
      expect(text).toContain('10');
      expect(text).toContain(record.request.reason.slice(0, 20));
      expect(text).toMatch(/AMZN for USD 1/);
      expect(text).toContain(record.requester ? `Requested by <@${record.requester}>` : 'Started via AWS');
    },
  );

  it('says that a request was started outside Slack', () => {
    const request = { ...approval().request, requester: undefined };
    const outside = { requester: undefined, requesters: [], noteBy: undefined };
    expect(approvalMessage(approval({ request, ...outside })).text).toContain('Started via AWS,');
  });

  it('shows a name that only the input claims as not verified', () => {
    const claimed = { requester: undefined, requesters: ['U0ANA'], noteBy: undefined };
    expect(approvalMessage(approval(claimed)).text).toContain(
      'Started via AWS, which names <@U0ANA> (not verified),',
    );
  });

  it('mentions a user group instead of its members if they are many', () => {
    const effectiveApprovers = ['U0BEN', ...Array.from({ length: 12 }, (_, index) => `U0P${index}`)];
    const policy = { approvals: 1, approvers: ['S0TRADERS', 'U0BEN'] };
    expect(approvalMessage(approval({ policy, effectiveApprovers })).text).toContain(
      '<!subteam^S0TRADERS> or <@U0BEN>, decide by',
    );
  });

  it('escapes mentions and formatting from outside, and splits no entity when it truncates', () => {
    const request = {
      ...approval().request,
      title: '<!channel> *Buy*',
      reason: `${'&'.repeat(900)}<@U0EVE>`,
      note: 'a\n> b',
    };
    const { text, blocks } = approvalMessage(approval({ request }));
    const shown = text + JSON.stringify(blocks);
    expect(shown).not.toContain('<!channel>');
    expect(shown).not.toContain('<@U0EVE>');
    expect(shown).not.toContain('*Buy*');
    const [first] = blocks;
    if (first?.type !== 'section') throw new Error('no section');
    expect(first.text?.text.length).toBeLessThanOrEqual(3_000);
    expect(first.text?.text).toMatch(/&amp;…$/);
  });
});

/** The words of a block, and its buttons as [Approve]. */
function words(block: KnownBlock): string {
  if (block.type === 'section') return block.text?.text ?? '';
  if (block.type === 'context')
    return block.elements.map((element) => ('text' in element ? element.text : '')).join('\n');
  return buttons([block])
    .map((button) => `[${'text' in button ? button.text?.text : ''}]`)
    .join(' ');
}

function buttons(blocks: readonly KnownBlock[]) {
  return blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
}

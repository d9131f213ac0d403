// Tests the message for each state of an approval: its words and buttons in one snapshot for every state, and all
// blocks for three of them.
import { describe, expect, it } from 'vitest';
import { canBeDeclined, nobodyCanApprove } from '../../../domain/votes.ts';
import { approvalMessage, type MessageBlock } from '../../../slack/views/approval-message.ts';
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
    // The facts of a trade say in words what its chart draws.
    const apart = ['actions', 'rich_text', 'header', 'data_visualization'];
    const [first = '', ...lines] = text.split('\n');
    expect(first.startsWith(shown[0]?.replace(/^:\w+: /, '') ?? '')).toBe(true);
    const said = blocks.filter(({ type }) => !apart.includes(type)).map(line);
    // More than ten fields are in two blocks, and on one line of the text.
    const joined = said.join('\n').replace(/(Fill \d+: 1 share)\n(?=Fill)/, '$1 · ');
    expect(lines.join('\n')).toBe([joined, ...(code ? [code.replaceAll('\n', ' ')] : [])].join('\n'));
  });

  it('shows a pending request with votes in these blocks', () => {
    expect(approvalMessage(approvalIn('half approved')).blocks).toMatchInlineSnapshot(`
      [
        {
          "text": {
            "text": ":hourglass_flowing_sand: Pending: Buy 1,000 AMZN",
            "type": "plain_text",
          },
          "type": "header",
        },
        {
          "text": {
            "text": "1 of 2 approvals: <@U0BEN> at <!date^1793613840^{time} {date_short_pretty}|2026-11-02 10:04 UTC>. Needs one more approval from <@U0CHLOE> or <@U0DANA> by <!date^1793614501^{time} {date_short_pretty}|2026-11-02 10:15 UTC>.",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "fields": [
            {
              "text": "*Total at most*
      USD 184,050.00",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Limit*
      USD 184.05 or less",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Price*
      USD 182.20 (<!date^1793613600^{time} {date_short_pretty}|2026-11-02 10:00 UTC>)",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Bid / ask*
      USD 182.18 / 182.22, spread 0.02 %",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Day's range*
      USD 181.95 to 186.40, −1.57 % on the day",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*If not filled*
      cancelled 5 minutes after it is approved",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Position if filled*
      from 40 to 1,040",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Cash if filled*
      at least USD 427,950.00",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Requested by*
      <@U0ANA>",
              "type": "mrkdwn",
              "verbatim": true,
            },
          ],
          "type": "section",
        },
        {
          "text": {
            "text": "Recommendation: buy, because the price is 1.40 % below the last hour's average.",
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
                "text": "Undo my approval",
                "type": "plain_text",
              },
              "type": "button",
              "value": "{"execution":"AMZN-3f9c","id":"approval-00c0ffee00c0ffee"}",
            },
          ],
          "type": "actions",
        },
        {
          "chart": {
            "axis_config": {
              "categories": [
                "09:03",
                "09:06",
                "09:09",
                "09:12",
                "09:15",
                "09:18",
                "09:21",
                "09:24",
                "09:27",
                "09:30",
                "09:33",
                "09:36",
                "09:39",
                "09:42",
                "09:45",
                "09:48",
                "09:51",
                "09:54",
                "09:57",
                "10:00",
              ],
              "y_label": "USD a share",
            },
            "series": [
              {
                "data": [
                  {
                    "label": "09:03",
                    "value": 186.1,
                  },
                  {
                    "label": "09:06",
                    "value": 186.24,
                  },
                  {
                    "label": "09:09",
                    "value": 185.51,
                  },
                  {
                    "label": "09:12",
                    "value": 185.34,
                  },
                  {
                    "label": "09:15",
                    "value": 185.68,
                  },
                  {
                    "label": "09:18",
                    "value": 185.12,
                  },
                  {
                    "label": "09:21",
                    "value": 184.64,
                  },
                  {
                    "label": "09:24",
                    "value": 185,
                  },
                  {
                    "label": "09:27",
                    "value": 184.75,
                  },
                  {
                    "label": "09:30",
                    "value": 184.05,
                  },
                  {
                    "label": "09:33",
                    "value": 184.25,
                  },
                  {
                    "label": "09:36",
                    "value": 184.32,
                  },
                  {
                    "label": "09:39",
                    "value": 183.57,
                  },
                  {
                    "label": "09:42",
                    "value": 183.48,
                  },
                  {
                    "label": "09:45",
                    "value": 183.79,
                  },
                  {
                    "label": "09:48",
                    "value": 183.17,
                  },
                  {
                    "label": "09:51",
                    "value": 182.76,
                  },
                  {
                    "label": "09:54",
                    "value": 183.14,
                  },
                  {
                    "label": "09:57",
                    "value": 182.8,
                  },
                  {
                    "label": "10:00",
                    "value": 182.2,
                  },
                ],
                "name": "Price",
              },
              {
                "data": [
                  {
                    "label": "09:03",
                    "value": 184.05,
                  },
                  {
                    "label": "09:06",
                    "value": 184.05,
                  },
                  {
                    "label": "09:09",
                    "value": 184.05,
                  },
                  {
                    "label": "09:12",
                    "value": 184.05,
                  },
                  {
                    "label": "09:15",
                    "value": 184.05,
                  },
                  {
                    "label": "09:18",
                    "value": 184.05,
                  },
                  {
                    "label": "09:21",
                    "value": 184.05,
                  },
                  {
                    "label": "09:24",
                    "value": 184.05,
                  },
                  {
                    "label": "09:27",
                    "value": 184.05,
                  },
                  {
                    "label": "09:30",
                    "value": 184.05,
                  },
                  {
                    "label": "09:33",
                    "value": 184.05,
                  },
                  {
                    "label": "09:36",
                    "value": 184.05,
                  },
                  {
                    "label": "09:39",
                    "value": 184.05,
                  },
                  {
                    "label": "09:42",
                    "value": 184.05,
                  },
                  {
                    "label": "09:45",
                    "value": 184.05,
                  },
                  {
                    "label": "09:48",
                    "value": 184.05,
                  },
                  {
                    "label": "09:51",
                    "value": 184.05,
                  },
                  {
                    "label": "09:54",
                    "value": 184.05,
                  },
                  {
                    "label": "09:57",
                    "value": 184.05,
                  },
                  {
                    "label": "10:00",
                    "value": 184.05,
                  },
                ],
                "name": "Limit",
              },
            ],
            "type": "line",
          },
          "title": "AMZN in the last hour (UTC)",
          "type": "data_visualization",
        },
        {
          "elements": [
            {
              "text": "If it stays pending: reminder <!date^1793614051^{time} {date_short_pretty}|2026-11-02 10:07 UTC> · last reminder <!date^1793614276^{time} {date_short_pretty}|2026-11-02 10:11 UTC> · expires <!date^1793614501^{time} {date_short_pretty}|2026-11-02 10:15 UTC>, and nothing is done · ref \`AMZN-3f9c\`",
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
            "text": ":white_check_mark: Filled: Buy 10 AMZN",
            "type": "plain_text",
          },
          "type": "header",
        },
        {
          "text": {
            "text": "Approved by <@U0BEN> at <!date^1793613900^{time} {date_short_pretty}|2026-11-02 10:05 UTC>. Bought 10 AMZN at USD 182.22, total USD 1,822.20. Slippage: USD 0.20 more in total than at USD 182.20 (1.1 bps).",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "text": {
            "text": "*As requested*",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "fields": [
            {
              "text": "*Total at most*
      USD 1,840.50",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Limit*
      USD 184.05 or less",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Price*
      USD 182.20 (<!date^1793613600^{time} {date_short_pretty}|2026-11-02 10:00 UTC>)",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Bid / ask*
      USD 182.18 / 182.22, spread 0.02 %",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Day's range*
      USD 181.95 to 186.40, −1.57 % on the day",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Requested by*
      <@U0ANA>",
              "type": "mrkdwn",
              "verbatim": true,
            },
          ],
          "type": "section",
        },
        {
          "text": {
            "text": "Recommendation: buy, because the price is 1.40 % below the last hour's average.",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "elements": [
            {
              "text": "ref \`AMZN-3f9c\`",
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
            "text": ":alarm_clock: Expired: Buy 10 AMZN",
            "type": "plain_text",
          },
          "type": "header",
        },
        {
          "text": {
            "text": "Nobody decided in time. Nothing was done.",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "text": {
            "text": "*As requested*",
            "type": "mrkdwn",
            "verbatim": true,
          },
          "type": "section",
        },
        {
          "fields": [
            {
              "text": "*Total*
      USD 1,822.00",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Price*
      USD 182.20 (<!date^1793613600^{time} {date_short_pretty}|2026-11-02 10:00 UTC>)",
              "type": "mrkdwn",
              "verbatim": true,
            },
            {
              "text": "*Requested by*
      <@U0ANA>",
              "type": "mrkdwn",
              "verbatim": true,
            },
          ],
          "type": "section",
        },
        {
          "text": {
            "text": "The price is 1.40 % below the last hour's average.",
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
                "text": "Resubmit",
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
              "text": "ref \`AMZN-3f9c\`",
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
        text: {
          text: expect.stringMatching(
            /^Buy 1,000 AMZN · Total at most: USD\s184,050\.00 · Limit: USD\s184\.05 or less · Price: USD\s182\.20 \(2026-11-02 10:00 UTC\) · .*[^…]\.$/,
          ),
        },
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
      expect(text).toMatch(/total USD.1|[Tt]otal(?: at most)?: USD.1/);
      expect(text).toContain(record.requester ? `Requested by: <@${record.requester}>` : 'Started: via AWS');
    },
  );

  it('says that a request was started outside Slack', () => {
    const request = { ...approval().request, requester: undefined };
    const outside = { requester: undefined, requesters: [], noteBy: undefined };
    expect(approvalMessage(approval({ request, ...outside })).text).toContain('Started: via AWS');
  });

  it('shows a name that only the input claims as not verified', () => {
    const claimed = { requester: undefined, requesters: ['U0ANA'], noteBy: undefined };
    expect(approvalMessage(approval(claimed)).text).toContain(
      'Started: via AWS, which names <@U0ANA> (not verified)',
    );
  });

  it('mentions a user group instead of its members if they are many', () => {
    const effectiveApprovers = ['U0BEN', ...Array.from({ length: 12 }, (_, index) => `U0P${index}`)];
    const policy = { approvals: 1, approvers: ['S0TRADERS', 'U0BEN'] };
    expect(approvalMessage(approval({ policy, effectiveApprovers })).text).toContain(
      'Needs approval from <!subteam^S0TRADERS> or <@U0BEN> by',
    );
  });

  it('shows a title that does not fit into the header as the first line of the section, and cuts no text at a <', () => {
    const title = `Deploy if p99 <200 ms ${'x'.repeat(120)} end`;
    const [header, first] = approvalMessage(approval({ request: { ...approval().request, title } })).blocks;
    if (header?.type !== 'header' || first?.type !== 'section') throw new Error('other blocks');
    expect(header.text.text).toHaveLength(150);
    expect(header.text.text).toMatch(/^:hourglass_flowing_sand: Pending: Deploy if p99 <200 ms x+…$/);
    expect(first.text?.text).toMatch(/^\*Deploy if p99 &lt;200 ms x+ end\*\nNeeds approval /);
  });

  it('shows the label of a workflow in the header as it is, without escapes', () => {
    const result = { outcome: 'done', label: 'R&D <done>' } as const;
    const done = approval({
      status: 'approved',
      decision: { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' },
      result,
    });
    expect(approvalMessage(done).blocks[0]).toMatchObject({
      text: { text: ':white_check_mark: R&D <done>: Buy 10 AMZN' },
    });
  });

  it.each([
    ['pending', true],
    ['half approved', true],
    ['approved', true],
    ['declined', false],
    ['expired', false],
    ['withdrawn', false],
    ['filled', false],
    ['not filled', false],
  ])('shows what would follow, if “%s”: %s', (name, isShown) => {
    const record = approvalIn(name);
    const facts = [
      { label: 'Tests', value: '412 passed' },
      { label: 'Pods', value: 'from 4 to 6', untilResult: true },
    ];
    const { text, blocks } = approvalMessage({ ...record, request: { ...record.request, facts } });
    for (const shown of [text, JSON.stringify(blocks)]) {
      expect(shown).toContain('412 passed');
      expect(shown.includes('from 4 to 6')).toBe(isShown);
    }
  });

  it('names the approvals so far in the confirmation if more than one is needed', () => {
    const { blocks } = approvalMessage({ ...approvalIn('half approved'), confirm: true });
    expect(JSON.stringify(buttons(blocks)[0])).toContain('. 1 of 2 approvals so far.');
  });

  it('escapes mentions and formatting from outside, and splits no entity when it truncates', () => {
    const request = {
      ...approval().request,
      title: '<!channel> *Buy*',
      reason: `${'&'.repeat(900)}<@U0EVE>`,
      note: 'a\n> b',
    };
    const { text, blocks } = approvalMessage(approval({ request }));
    // The header is plain text, in which Slack parses nothing.
    const [header, ...others] = blocks;
    expect(header).toMatchObject({ type: 'header', text: { type: 'plain_text' } });
    const shown = text + JSON.stringify(others);
    expect(shown).not.toContain('<!channel>');
    expect(shown).not.toContain('<@U0EVE>');
    expect(shown).not.toContain('*Buy*');
    const reason = blocks.find((each) => each.type === 'section' && each.text?.text.startsWith('&'));
    if (reason?.type !== 'section') throw new Error('no section');
    expect(reason.text?.text.length).toBeLessThanOrEqual(3_000);
    expect(reason.text?.text).toMatch(/&amp;…$/);
  });
});

/** The words of a block, and its buttons as [Approve]. */
function words(block: MessageBlock): string {
  if (block.type === 'header') return block.text.text;
  if (block.type === 'data_visualization') return `[chart] ${block.title}`;
  if (block.type === 'section' && block.fields)
    return block.fields.map(({ text }) => text.replace('\n', ' ')).join('\n');
  if (block.type === 'section') return block.text?.text ?? '';
  if (block.type === 'context')
    return block.elements.map((element) => ('text' in element ? element.text : '')).join('\n');
  return buttons([block])
    .map((button) => `[${'text' in button ? button.text?.text : ''}]`)
    .join(' ');
}

/** The same words as they are in the text. */
function line(block: MessageBlock): string {
  if (block.type === 'section' && block.fields)
    return block.fields.map(({ text }) => text.replace(/^\*(.*)\*\n/, '$1: ')).join(' · ');
  return words(block).replace(/^> /, '');
}

function buttons(blocks: readonly MessageBlock[]) {
  return blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
}

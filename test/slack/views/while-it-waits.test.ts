import { describe, expect, it } from 'vitest';
import { type Home, homeView } from '../../../slack/views/home-view.ts';
import { approvalMessage } from '../../../slack/views/approval-message.ts';
import { decisionButtons } from '../../../slack/views/decision-button.ts';
import { escalationLine } from '../../../slack/views/escalation-line.ts';
import { resultReply } from '../../../slack/views/result-reply.ts';
import { escalationReply } from '../../../slack/views/escalation-reply.ts';
import { statusText } from '../../../slack/views/status-text.ts';
import { approvalList } from '../../../slack/views/approval-list.ts';
import { approval, approvalOfTwo, command } from '../../support/approvals.ts';

const reminder = { at: '2026-11-02T10:08:00.000Z' };
const escalation = { at: '2026-11-02T10:12:00.000Z' };
const half = { votes: { U0BEN: { at: '2026-11-02T10:04:00.000Z' } }, outstanding: 1 };
const toThemselves = { ...approval().escalationSchedule, escalateTo: ['S0RISK'] };
const escalated = ['U0BEN', 'U0CHLOE', 'U0DANA'];
/** Times as who reads them nowhere near Slack would. */
const read = (text: string | undefined) => text?.replaceAll(/<!date[^|]*\|([^>]*)>/g, '$1');

describe('pending request', () => {
  it.each([
    [
      approval(),
      'If it stays pending: reminder 2026-11-02 10:07 UTC · <@U0DANA> can approve too from 2026-11-02 10:11 UTC · expires 2026-11-02 10:15 UTC, and nothing is done',
    ],
    [
      approval({ escalationSteps: { reminder } }),
      'Reminded 2026-11-02 10:08 UTC · if it stays pending: <@U0DANA> can approve too from 2026-11-02 10:11 UTC · expires 2026-11-02 10:15 UTC, and nothing is done',
    ],
    [
      approval({ escalationSteps: { reminder, escalation }, effectiveApprovers: escalated }),
      'Escalated 2026-11-02 10:12 UTC to <@U0DANA> · if it stays pending: expires 2026-11-02 10:15 UTC, and nothing is done',
    ],
    [
      approval({ escalationSteps: { escalation } }),
      'Escalated 2026-11-02 10:12 UTC to <@U0DANA> · if it stays pending: expires 2026-11-02 10:15 UTC, and nothing is done',
    ],
    [
      approval({ escalationSchedule: { ...approval().escalationSchedule, escalateTo: ['U0ANA'] } }),
      'If it stays pending: reminder 2026-11-02 10:07 UTC · last reminder 2026-11-02 10:11 UTC · expires 2026-11-02 10:15 UTC, and nothing is done',
    ],
    [
      approvalOfTwo({ escalationSchedule: toThemselves }),
      'If it stays pending: reminder 2026-11-02 10:07 UTC · last reminder 2026-11-02 10:11 UTC · expires 2026-11-02 10:15 UTC, and nothing is done',
    ],
    [
      approvalOfTwo({ escalationSchedule: toThemselves, escalationSteps: { escalation } }),
      'Last reminder 2026-11-02 10:12 UTC · if it stays pending: expires 2026-11-02 10:15 UTC, and nothing is done',
    ],
    [
      approval({ escalationSchedule: { escalateTo: [] } }),
      'If it stays pending: expires 2026-11-02 10:15 UTC, and nothing is done',
    ],
  ])('shows what happens if nobody decides, and what has happened: %#', (asked, line) => {
    expect(read(escalationLine(asked))).toBe(line);
  });

  it.each([
    ['reminder', approval(), [], '<@U0BEN> or <@U0CHLOE>: *…* still waits for one approval, until'],
    [
      'reminder',
      approvalOfTwo(half),
      [],
      '<@U0CHLOE> or <@U0DANA>: *…* still waits for one more approval, until',
    ],
    [
      'escalation',
      approval({ effectiveApprovers: escalated }),
      ['U0DANA'],
      '<@U0DANA>: nobody has decided on *…*; you may approve it too, until',
    ],
    [
      'escalation',
      approval(),
      [],
      'Last reminder, <@U0BEN> or <@U0CHLOE>: *…* still waits for one approval, until',
    ],
    [
      'escalation',
      approval({ effectiveApprovers: ['U0BEN', 'U0FAY'], delegateFor: { U0FAY: 'U0DANA' } }),
      ['U0FAY'],
      '<@U0FAY> for <@U0DANA>: nobody has decided on *…*; you may approve it too, until',
    ],
    [
      'escalation',
      approvalOfTwo(half),
      ['U0DANA'],
      '<@U0DANA>: *…* still waits for one more approval; you may approve it too, until',
    ],
    [
      'escalation',
      approvalOfTwo({ escalationSchedule: toThemselves }),
      [],
      'Last reminder, <@U0BEN>, <@U0CHLOE> or <@U0DANA>: *…* still waits for 2 approvals, until',
    ],
  ] as const)('has this thread reply for the %s: %#', (step, asked, added, words) => {
    const said = read(escalationReply(step, asked, added))?.replace(/\*.*\*/, '*…*');
    expect(said).toContain(`${words} 2026-11-02 10:15 UTC.`);
  });

  it.each([
    ['Wrong symbol', '“Wrong symbol”. Its execution'],
    ['Wrong symbol.', '“Wrong symbol.” Its execution'],
    [undefined, 'UTC>. Its execution'],
  ])('ends its sentence after the reason %o', (reason, end) => {
    const cancellation = { by: 'U0ANA', at: '2026-11-02T10:09:00.000Z', reason };
    const cancelled = approval({ status: 'cancelled', cancellation });
    expect(statusText(cancelled).sentence).toContain(end);
    const reply = resultReply({ outcome: 'cancelled' }, cancelled);
    expect(reply.endsWith(reason ? `Nothing was done. Reason: “${reason}”` : 'Nothing was done.')).toBe(true);
  });

  it('appears in Home with its details beside the buttons, and the last day out of office as a date', () => {
    const note = 'The desk in London asked for it.';
    const preferences = {
      directMessages: false,
      outUntil: '2026-11-30',
      timeZone: 'Australia/Sydney',
      delegate: 'U0DANA',
    };
    const pending = [approval({ request: { ...approval().request, note } })];
    const wordsFor = (home: Partial<Home>) =>
      homeView({
        command,
        person: 'U0BEN',
        preferences,
        pending,
        more: false,
        decided: [],
        permalinks: new Map(),
        now: new Date('2026-11-02T10:05:00.000Z'),
        ...home,
      }).blocks.map((block) => read(JSON.parse(JSON.stringify(block)).text?.text));
    expect(wordsFor({ preferences: { directMessages: false } })[1]).toMatch(
      /^\*Pending: Buy 10 AMZN, .*\nNeeds approval .*\nThe price is 1\.40\s% below .*\n> .*London/,
    );
    // Who is out is asked nothing, whatever the members say yet.
    expect(wordsFor({})).toContain('Nothing needs your approval.');
    expect(wordsFor({})).toContain(
      'Results of what you asked for stay in their threads. You are out until the end of November\u00A030,\u00A02026 (Australia/Sydney). Your delegate is <@U0DANA>.',
    );
  });

  it('appears in a list with one line of text, and its parts on separate lines in the blocks', () => {
    const list = approvalList('What waits', [{ approval: approval(), permalink: 'https://example.com/p1' }]);
    expect(list.text.split('\n')).toHaveLength(2);
    expect(JSON.stringify(list.blocks)).toMatch(
      /Pending: .*\*\\nNeeds approval .*\.\\n`AMZN-3f9c` · <https:\/\/example\.com\/p1\|Message>"/,
    );
  });

  it('keeps a list of ten below 12,000 characters, with a complete link and name for each', () => {
    const reason = 'Because &'.repeat(100);
    const declined = { outcome: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z', reason } as const;
    const long = approval({
      status: 'declined',
      decision: declined,
      request: { ...approval().request, title: `Buy <everything> & ${'x'.repeat(2_000)}` },
    });
    const items = Array.from({ length: 10 }, () => ({ approval: long, permalink: 'https://example.com/p1' }));
    const { text, blocks } = approvalList('What waits', items);
    const texts = JSON.parse(JSON.stringify(blocks)).map(
      (block: { text: { text: string } }) => block.text.text,
    );
    expect(texts.join('').length).toBeLessThan(12_000);
    expect(text.length).toBeLessThanOrEqual(12_000);
    for (const each of [...texts.slice(1), ...text.split('\n').slice(1)])
      expect(each).toMatch(/`AMZN-3f9c` · <https:\/\/example\.com\/p1\|Message>$/);
  });

  it('shows the reason and who declined before beside ten long facts', () => {
    const fact = { label: 'l'.repeat(80), value: 'v'.repeat(300), at: '2026-11-02T10:00:00.000Z' };
    const request = {
      ...approval().request,
      facts: Array.from({ length: 10 }, () => fact),
      reason: 'r'.repeat(1_000),
    };
    const previousAnswer = { outcome: 'declined', by: 'U0BEN', reason: 'Too late' } as const;
    const long = approval({ request, previousAnswer });
    const home = homeView({
      command,
      person: 'U0BEN',
      preferences: { directMessages: true },
      pending: [long],
      more: false,
      decided: [],
      permalinks: new Map(),
      now: new Date('2026-11-02T10:05:00.000Z'),
    });
    expect(approvalMessage(long).text).toContain('r'.repeat(900));
    expect(approvalMessage(long).text).toMatch(/ref `AMZN-3f9c`$/);
    for (const { blocks } of [approvalMessage(long), home]) {
      expect(JSON.stringify(blocks)).toContain(request.reason);
      expect(JSON.stringify(blocks)).toContain('after <@U0BEN> declined the earlier request: “Too late”');
    }
  });

  it('asks for confirmation in the words of the message, without live emoji or hidden characters', () => {
    const title = 'Buy\u202E 10\n:white_check_mark: AMZN \ud83d';
    const asked = approval({ confirm: true, request: { ...approval().request, title } });
    const { confirm } = JSON.parse(JSON.stringify(decisionButtons(asked)[0]));
    expect(confirm.text.text).toMatch(
      /^Buy 10 :\u200Bwhite_check_mark: AMZN \ufffd · Total: USD\u00A01,822\.00 · /,
    );
  });
});

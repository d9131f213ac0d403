// The message by its whole value, once for each way an approval can stand.
import type { KnownBlock } from '@slack/types';
import { expect, it } from 'vitest';
import { approvalMessage } from '../../../slack/views/approval-message.ts';
import { approval } from '../../support/approvals.ts';
import { approvalStates } from '../../support/approval-states.ts';

const buttonsOf = (blocks: readonly KnownBlock[]) =>
  blocks
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .map((button) => ('action_id' in button ? button.action_id : ''));

it.each(Object.keys(approvalStates))('%s: this message', (name) => {
  expect(approvalMessage(approvalStates[name] ?? approval())).toMatchSnapshot();
});

it.each(Object.entries(approvalStates))(
  '%s: buttons that still mean something, and no others',
  (_, record) => {
    const live =
      { pending: ['approve', 'decline'], expired: ['resubmit'], declined: ['resubmit'] }[
        record.status as string
      ] ?? [];
    const voted =
      record.status === 'pending' && Object.keys(record.votes).length > 0 ? ['undo_approval'] : [];
    expect(buttonsOf(approvalMessage(record).blocks)).toEqual(record.resubmitted ? [] : [...live, ...voted]);
  },
);

it.each(Object.entries(approvalStates))(
  '%s: the text alone says what, how much, why, by whom',
  (_, record) => {
    const text = approvalMessage(record).text.replaceAll('\u00A0', ' ');
    expect(text).toContain('10');
    expect(text).toContain(record.request.reason.slice(0, 20));
    expect(text).toMatch(/AMZN for USD 1/);
    expect(text).toContain(record.request.requester ? 'Requested by <@U0ANA>' : 'Started outside Slack');
  },
);

it('says in words where nobody in Slack asked', () => {
  const { requester: _, ...request } = approval().request;
  expect(approvalMessage(approval({ request })).text).toContain('Started outside Slack');
});

it('mentions a user group as Slack wants it', () => {
  expect(
    approvalMessage(approval({ policy: { approvals: 1, approvers: ['S0TRADERS', 'U0BEN'] } })).text,
  ).toContain('<!subteam^S0TRADERS> <@U0BEN>');
});

it('shows what came from outside as text: no mention, no format, no half escape', () => {
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

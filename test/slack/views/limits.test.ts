// Checks every message, list, modal and Home at their extremes against Slack's documented limits and surfaces: the longest
// request that the contract accepts, 200 approvers, and texts of markup, emoji and words without a space.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { ModalView } from '@slack/types';
import type { Approval } from '../../../domain/approval.ts';
import type { Refusal } from '../../../domain/votes.ts';
import { messageBlocks } from '../../../local/slack/blocks/blocks.ts';
import { appView } from '../../../local/slack/blocks/view.ts';
import { amendedReply, amendmentInvalidReply } from '../../../slack/views/amendment-reply.ts';
import { approvalList } from '../../../slack/views/approval-list.ts';
import { approvalMessage, type View } from '../../../slack/views/approval-message.ts';
import { cancelModal } from '../../../slack/views/cancel-modal.ts';
import { refusalMessage } from '../../../slack/views/decision-refused.ts';
import { declineModal } from '../../../slack/views/decline-modal.ts';
import { delegateReply } from '../../../slack/views/delegation.ts';
import { escalationReply } from '../../../slack/views/escalation-reply.ts';
import { homeView } from '../../../slack/views/home-view.ts';
import { noticeModal } from '../../../slack/views/notice-modal.ts';
import { progressView } from '../../../slack/views/progress-reply.ts';
import { resultReply, unaskedResult } from '../../../slack/views/result-reply.ts';
import { unpostedNotice } from '../../../slack/views/unposted-notice.ts';
import { approvalStates } from '../../support/approval-states.ts';
import { command } from '../../support/approvals.ts';

const textsOf = {
  markup: '<!channel> *bold* _it_ ~no~ `code` <@U0EVE> & :tada: <https://e.example|x> ',
  emoji: '😀👩‍👩‍👧 ',
  'one word': 'x',
  brackets: '<<<<>>>>&&&&',
  'names of emoji': ':a:',
};

const REFUSALS = Object.keys({
  unknown: 0,
  decided: 0,
  past_deadline: 0,
  closed: 0,
  own_request: 0,
  already_voted: 0,
  not_an_approver: 0,
  stale_membership: 0,
  terms_changed: 0,
  no_vote: 0,
  replayed: 0,
  conflict: 0,
} satisfies Record<Refusal, 0>) as Refusal[];

const PEOPLE = Array.from({ length: 200 }, (_, index) => `U${String(index).padStart(10, '0')}`);
const PERMALINK = `https://${'w'.repeat(60)}.slack.com/archives/C0TRADING/p1793613601000000`;
const RESPONSE_URL = `https://hooks.slack.com/commands/T0LOCAL/${'1'.repeat(80)}`;
const AT = '2026-11-02T10:05:00.000Z';

/** The state with the longest texts that anybody can send, and 200 people. */
function extreme(state: Approval, kind: string): Approval {
  const text = (length: number) => kind.repeat(length).slice(0, length);
  const url = (length: number) => `https://e.example/?${'<&>'.repeat(length)}`.slice(0, length);
  const { decision, result, cancellation, previousAnswer, noteBy = 'U0ANA' } = state;
  return {
    ...state,
    execution: 'e'.repeat(80),
    noteBy,
    request: {
      ...state.request,
      title: text(150),
      amount: 1e12,
      facts: Array.from({ length: 100 }, () => ({
        label: text(80),
        value: text(300),
        at: AT,
        url: url(500),
      })),
      reason: text(1_000),
      links: Array.from({ length: 5 }, () => ({ label: text(80), url: url(500) })),
      code: text(2_000),
      picture: { url: 'https://e.example/picture.png', alt: text(300) },
      chart: {
        title: text(50),
        labels: Array.from({ length: 20 }, (_, index) => `${index} ${text(17)}`),
        series: Array.from({ length: 6 }, (_, index) => ({
          name: `${index} ${text(18)}`,
          values: Array.from({ length: 20 }, () => -1.797e308),
        })),
        unit: text(50),
      },
      note: text(500),
    },
    policy: {
      ...state.policy,
      approvers: [...PEOPLE, 'S0RISK'],
      labels: { approve: '<!channel> & *Buy* now ok', decline: '<@U0EVE> & *Not* now, ok' },
    },
    effectiveApprovers: [...state.effectiveApprovers, ...PEOPLE],
    delegateFor: { ...state.delegateFor, ...Object.fromEntries(PEOPLE.map((id) => [id, 'U0GONE'])) },
    away: PEOPLE.slice(0, 50),
    votes: {
      ...state.votes,
      ...(state.status === 'pending'
        ? {}
        : Object.fromEntries(PEOPLE.slice(0, 20).map((id) => [id, { at: AT }]))),
    },
    escalationSchedule: { ...state.escalationSchedule, escalateTo: PEOPLE.slice(100) },
    ...(decision && { decision: { ...decision, reason: text(500) } }),
    ...(result && { result: { ...result, text: text(3_000), ...(result.label && { label: text(80) }) } }),
    ...(cancellation && { cancellation: { ...cancellation, reason: text(500) } }),
    ...(previousAnswer && { previousAnswer: { ...previousAnswer, reason: text(500), permalink: PERMALINK } }),
  };
}

const cases = Object.entries(approvalStates).flatMap(([name, state]) =>
  Object.entries(textsOf).map(([kind, text]): [string, Approval] => [
    `${name}, with ${kind}`,
    extreme(state, text),
  ]),
);

/** Slack's complaints about a message. A text of an updated message has at most 4,000 characters. */
function faultsOfMessage({ text, blocks }: View): readonly unknown[] {
  return [...(text.length > 4_000 ? [`text of ${text.length}`] : []), ...faults(messageBlocks, blocks)];
}

function faultsOfView(view: ModalView | ReturnType<typeof homeView>): readonly unknown[] {
  const size = Buffer.byteLength(JSON.stringify(view));
  return [...(size > 250_000 ? [`view of ${size} bytes`] : []), ...faults(appView, view)];
}

function faults(schema: v.GenericSchema, value: unknown): readonly unknown[] {
  const { issues = [] } = v.safeParse(schema, value);
  return issues.map(({ message, path }) => [message, ...(path ?? []).map(({ key }) => key)]);
}

/** Nothing that somebody typed notifies people, and no part of a mention or link is left. */
function expectHarmless(shown: unknown): void {
  for (const text of mrkdwnIn(shown)) {
    expect(text).not.toContain('<!channel>');
    expect(text).not.toContain('<@U0EVE>');
    expect(text).not.toMatch(/<[^>]*(?:<|$)/);
  }
}

/** The texts that Slack formats: a text without blocks, and each `mrkdwn` object. */
function mrkdwnIn(shown: unknown): readonly string[] {
  if (typeof shown === 'string') return [shown];
  if (typeof shown !== 'object' || shown === null) return [];
  const { type, text } = { type: undefined, text: undefined, ...shown };
  if (type === 'mrkdwn' && typeof text === 'string') return [text];
  return Object.values(shown).flatMap((each) => (typeof each === 'string' ? [] : mrkdwnIn(each)));
}

describe.each(cases)('%s', (_name, approval) => {
  it('fits into its message, and the text keeps the name of the execution', () => {
    const message = approvalMessage(approval);
    expect(faultsOfMessage(message)).toEqual([]);
    expect(message.text).toContain(`ref \`${approval.execution}\``);
    expectHarmless(message.blocks);
    expectHarmless(message.text);
  });

  it('fits into each reply and each answer', () => {
    const { result = { outcome: 'done', text: 'x'.repeat(3_000) } } = approval;
    const replies = [
      resultReply(result, approval),
      unaskedResult(result, approval.execution, approval),
      escalationReply('reminder', approval),
      escalationReply('escalation', approval, PEOPLE),
      delegateReply(PEOPLE[0] ?? '', approval),
      amendedReply(approval, PEOPLE),
      amendmentInvalidReply('x'.repeat(3_000)),
      unpostedNotice(approval, 'approver'),
      unpostedNotice(approval, 'requester'),
    ];
    for (const reply of replies) {
      expect(reply.length).toBeLessThanOrEqual(4_000);
      expectHarmless(reply);
    }
    const report = { emoji: ':arrows_counterclockwise:', text: approval.request.reason.repeat(3), at: AT };
    const button = {
      label: approval.request.title.slice(0, 75),
      action: 'a',
      confirm: approval.request.note,
    };
    expect(faultsOfMessage(progressView({ ...report, button }, approval))).toEqual([]);
  });

  it('fits into each modal', () => {
    const state = { execution: approval.execution, id: approval.id, responseUrl: RESPONSE_URL };
    const refusals = REFUSALS.map((refusal) => refusalMessage(refusal, 'approve', approval, { by: 'U0ANA' }));
    const modals = [
      declineModal(state, approval),
      cancelModal(approval, RESPONSE_URL),
      ...refusals.map((refusal) => noticeModal('Decline', refusal)),
    ];
    for (const modal of modals) {
      expect(faultsOfView(modal)).toEqual([]);
      expectHarmless(modal.blocks);
    }
  });
});

describe.each(Object.entries(textsOf))('many requests with %s', (_kind, text) => {
  const states = Object.values(approvalStates).map((state) => extreme(state, text));
  const numbered = (each: Approval, index: number): Approval => ({ ...each, id: `approval-${index}` });
  const pending = states.filter(({ status }) => status === 'pending');
  const many = Array.from({ length: 40 }, (_, index) =>
    numbered(pending[index % pending.length] ?? states[0]!, index),
  );

  it('fit into a list of ten', () => {
    const items = many.slice(0, 10).map((approval) => ({ approval, permalink: PERMALINK }));
    const { text: whole, blocks } = approvalList('Pending requests', items, {
      execution: 'e'.repeat(80),
      id: many[10]?.id ?? '',
      deadline: AT,
    });
    expect(faults(messageBlocks, blocks)).toEqual([]);
    expect(whole.length).toBeLessThanOrEqual(12_000);
    expectHarmless(blocks);
  });

  it.each(['U0BEN', 'U0NOBODY'])('fit into the Home of %s', (person) => {
    const view = homeView({
      permalinks: new Map(many.map(({ id }) => [id, PERMALINK])),
      command,
      now: new Date(AT),
      person,
      preferences: { directMessages: true },
      pending: many,
      more: true,
      decided: states.filter(({ status }) => status !== 'pending').slice(0, 5),
    });
    expect(faultsOfView(view)).toEqual([]);
    expectHarmless(view.blocks);
  });
});

// Every message, modal and Home of the product with fixed data. The pictures and the test of the pictures show them in
// the local Slack, and `npm run conformance -- --slack` posts them to a channel.
import type { ModalView } from '@slack/types';
import { approvalMessage, type MessageBlock } from '../../slack/views/approval-message.ts';
import { notResubmitted } from '../../slack/views/resubmit-answers.ts';
import { auditFollows, auditNotAMonth, auditNotForYou } from '../../slack/views/audit-answers.ts';
import { decisionMayBeLate, refusalMessage, unknownApproval } from '../../slack/views/decision-refused.ts';
import { backlogDone, backlogMessage } from '../../slack/views/backlog.ts';
import { cancelModal } from '../../slack/views/cancel-modal.ts';
import { declineModal } from '../../slack/views/decline-modal.ts';
import { homeView } from '../../slack/views/home-view.ts';
import { messageLink } from '../../slack/views/mrkdwn.ts';
import { noticeModal } from '../../slack/views/notice-modal.ts';
import { resultReply, unaskedResult } from '../../slack/views/result-reply.ts';
import { unpostedNotice } from '../../slack/views/unposted-notice.ts';
import { amendedReply, amendmentInvalidReply } from '../../slack/views/amendment-reply.ts';
import { progressReply } from '../../slack/views/progress-reply.ts';
import { delegateReply } from '../../slack/views/delegation.ts';
import { escalationReply } from '../../slack/views/escalation-reply.ts';
import { settingsModal } from '../../slack/views/settings-modal.ts';
import { somethingWentWrong } from '../../slack/views/something-went-wrong.ts';
import { approvalList } from '../../slack/views/approval-list.ts';
import { tradeResubmitted } from '../../slack/trading/views/resubmit-answer.ts';
import { tradeHelp, tradeRefused, tradeStarted } from '../../slack/trading/views/trade-answers.ts';
import { tradeForm } from '../../slack/trading/views/trade-form.ts';
import { readTicket } from '../../domain/trading/ticket.ts';
import { approvalIn, approvalStates } from './approval-states.ts';
import { approval, approvalOfTwo, command } from './approvals.ts';

/** The reader of the gallery, and the channel. */
export const ANA = 'U0ANA';
export const CHANNEL = 'C0TRADING';

/** The moment of all pictures: messages show when they were posted, not when they were updated. */
export const NOW = new Date('2026-11-02T10:00:01.000Z');

const rules = { symbols: ['AMZN', 'AAPL', 'GOOGL', 'MSFT', 'NVDA', 'TSLA'], defaultQuantity: 10 };
const pressed = { execution: 'AMZN-3f9c', id: approval().id, responseUrl: 'https://example.com/' };

/** The message that stands for many requests that wait for their slots. */
export const backlogs: Readonly<Record<string, string>> = {
  'backlog: many wait': backlogMessage(812, '2026-11-02T10:37:00.000Z'),
  'backlog: none waits any more': backlogDone('2026-11-02T10:20:00.000Z'),
};

export const answers: Readonly<Record<string, string>> = {
  'answer: started': tradeStarted({ symbol: 'AMZN', quantity: 10 }, CHANNEL),
  'answer: started with a limit': tradeStarted(
    { side: 'sell', symbol: 'AMZN', quantity: 10, limitPrice: '184.50', timeInForce: 'ioc' },
    CHANNEL,
  ),
  'answer: help': tradeHelp(rules, command),
  'answer: refused': refusedTicket('NOPE'),
  'answer: refused in part': refusedTicket('sell 1.5 AMZN limit 184.50'),
  'answer: already decided': refusalMessage('decided', 'approve', approvalIn('filled')),
  'answer: too late': refusalMessage('past_deadline', 'approve', approval()),
  'answer: not known': unknownApproval,
  'answer: own request': refusalMessage('own_request', 'approve', approval(), { by: ANA }),
  'answer: not an approver': refusalMessage('not_an_approver', 'approve', approval()),
  'answer: out of office': refusalMessage('not_an_approver', 'approve', approvalIn('asked of a delegate'), {
    by: 'U0BEN',
    preferences: { directMessages: true, outUntil: '2026-11-06', timeZone: 'America/New_York' },
  }),
  'answer: counted already': refusalMessage('already_voted', 'approve', approvalIn('half approved')),
  'answer: changed meanwhile': refusalMessage('terms_changed', 'approve', approvalIn('changed')),
  'answer: nothing to undo': refusalMessage('no_vote', 'undo', approvalIn('half approved')),
  'answer: audit': auditFollows('2026-11', 12),
  'answer: audit refused': auditNotForYou(),
  'answer: audit of no month': auditNotAMonth(command),
  'answer: perhaps too late': decisionMayBeLate(approval()),
  'answer: asked again': tradeResubmitted(approvalIn('declined')),
  'answer: asked again already': notResubmitted(approvalIn('expired, asked again')),
  'answer: something went wrong': somethingWentWrong('1f0a9c3e'),
};

function refusedTicket(text: string): string {
  const ticket = readTicket(text, rules);
  return 'refused' in ticket ? tradeRefused(ticket, text, rules, command) : '';
}

/** The same text in the channel and to the requester, because nobody was asked. */
export const aboveLimit = unaskedResult(
  {
    outcome: 'failed',
    text: 'Buy 100,000 AMZN is USD 18,220,000.00; nobody may approve more than USD 250,000.00. Nobody was asked.',
  },
  'AMZN-3f9c',
);

/** To the requester alone, because nobody was asked. */
const refused = unaskedResult(
  { outcome: 'refused', text: 'Insufficient position: 990 held. Try “/trade sell AMZN 990”.' },
  'AMZN-3f9c',
);

/** Direct messages to Ana, the requester. */
export const directMessages: Readonly<Record<string, string>> = {
  'direct: filled': endOf('filled'),
  'direct: declined': endOf('declined'),
  'direct: expired, half approved': endOf('expired, half approved'),
  'direct: above the limit': aboveLimit,
  'direct: refused': refused,
  'direct: to decide in Home': unpostedNotice(approval(), 'approver'),
};

function endOf(name: string): string {
  const record = approvalIn(name);
  if (!record.result) throw new Error(`“${name}” has not ended.`);
  return `${resultReply(record.result, record)} ${messageLink('https://local.slack.com/archives/C0TRADING/p1793613601000000')}`;
}

const half = approvalIn('half approved');

/** Replies in the thread while nobody decides. */
export const escalationSteps: Readonly<Record<string, string>> = {
  'reply: reminder': escalationReply('reminder', approval()),
  'reply: escalation': escalationReply('escalation', approvalIn('escalated'), ['U0DANA']),
  'reply: delegate': delegateReply('U0DANA', approvalIn('asked of a delegate')),
  'reply: changed': amendedReply(approvalIn('changed'), ['U0BEN']),
  'reply: not changed': amendmentInvalidReply('request.title is missing.'),
  'reply: progress': progressReply({
    emoji: ':hourglass_flowing_sand:',
    text: 'Bought 4 of 10 AMZN at USD 182.20. The other 6 are cancelled if they are not filled at USD 184.05 or less by 10:10 UTC.',
    at: '2026-11-02T10:06:00.000Z',
  }),
  'reply: last reminder': escalationReply(
    'escalation',
    approvalOfTwo({ ...half, escalationSchedule: { ...half.escalationSchedule, escalateTo: ['S0RISK'] } }),
  ),
};

const permalink = 'https://local.slack.com/archives/C0TRADING/p1793613601000000';
export const waiting = approvalList(
  'Pending requests',
  [approval(), { ...half, execution: 'AMZN-81b2' }].map((each) => ({ approval: each, permalink })),
  { execution: 'AMZN-3f9c', id: approval().id, deadline: approval().deadline },
);

/** Ana's Home. She may approve Chloe's request. */
export const home = homeView({
  permalinks: new Map([[approval().id, 'https://example.slack.com/archives/C0TRADING/p1793613601000000']]),
  command,
  now: new Date('2026-11-02T10:05:00.000Z'),
  person: ANA,
  preferences: { directMessages: true },
  pending: [
    approval({
      policy: { approvals: 1, approvers: [ANA, 'U0BEN'] },
      effectiveApprovers: [ANA, 'U0BEN'],
      request: { ...approval().request, requester: 'U0CHLOE' },
      requester: 'U0CHLOE',
      requesters: ['U0CHLOE'],
    }),
    half,
  ],
  more: false,
  decided: ['filled', 'declined', 'expired'].map(approvalIn),
});

export const modals: Readonly<Record<string, ModalView>> = {
  'modal: decline': declineModal(pressed, approval()),
  'modal: cancel': cancelModal(approval(), pressed.responseUrl),
  'modal: settings': settingsModal({
    directMessages: true,
    outUntil: '2026-11-30',
    delegate: 'U0DANA',
  }),
  'modal: trade': tradeForm(rules, pressed.responseUrl),
  'modal: notice': noticeModal('Decline', refusalMessage('decided', 'approve', approvalIn('filled'))),
};

interface SentMessage {
  readonly text: string;
  readonly blocks?: readonly MessageBlock[];
}

const asMessage = ([name, text]: readonly [string, string]): [string, SentMessage] => [name, { text }];

/** Name of the picture → message, for every message except the file of the audit. */
export const messages: Readonly<Record<string, SentMessage>> = Object.fromEntries([
  ...Object.entries(approvalStates).flatMap(([name, record]): [string, SentMessage][] => [
    [`message: ${name}`, approvalMessage(record)],
    ...(record.result ? [asMessage([`reply: ${name}`, resultReply(record.result, record)])] : []),
  ]),
  ['answer: pending', waiting],
  asMessage(['message: above the limit', aboveLimit]),
  ...[escalationSteps, backlogs, answers, directMessages].flatMap((texts) =>
    Object.entries(texts).map(asMessage),
  ),
]);

// Shows every message and modal in the local Slack at a fixed time, one after the other. Pictures are taken of them,
// and a test compares them with the current views.
import { createServer } from 'node:http';
import type { ModalView } from '@slack/types';
import type { Locator, Page } from 'playwright-core';
import { approvalMessage } from '../../slack/views/approval-message.ts';
import { notResubmitted } from '../../slack/views/resubmit-answers.ts';
import { auditFollows, auditNotAMonth, auditNotForYou } from '../../slack/views/audit-answers.ts';
import { auditFile } from '../../slack/views/audit-file.ts';
import { decisionMayBeLate, refusalMessage, unknownApproval } from '../../slack/views/decision-refused.ts';
import { backlogDone, backlogMessage } from '../../slack/views/backlog.ts';
import { cancelModal } from '../../slack/views/cancel-modal.ts';
import { declineModal } from '../../slack/views/decline-modal.ts';
import { homeView } from '../../slack/views/home-view.ts';
import { messageLink } from '../../slack/views/mrkdwn.ts';
import { noticeModal } from '../../slack/views/notice-modal.ts';
import { resultReply, unaskedResult } from '../../slack/views/result-reply.ts';
import { unpostedNotice } from '../../slack/views/unposted-notice.ts';
import { delegateReply } from '../../slack/views/delegation.ts';
import { escalationReply } from '../../slack/views/escalation-reply.ts';
import { settingsModal } from '../../slack/views/settings-modal.ts';
import { somethingWentWrong } from '../../slack/views/something-went-wrong.ts';
import { approvalList } from '../../slack/views/approval-list.ts';
import { tradeResubmitted } from '../../slack/trading/views/resubmit-answer.ts';
import { tradeHelp, tradeRefused, tradeStarted } from '../../slack/trading/views/trade-answers.ts';
import { tradeForm } from '../../slack/trading/views/trade-form.ts';
import { refusalEntry } from '../../domain/audit.ts';
import { unknownSymbol } from '../../domain/trading/ticket.ts';
import { approval, approvalOfTwo, command } from '../support/approvals.ts';
import { approvalIn, approvalStates } from '../support/approval-states.ts';
import { ANA, CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';

/** The moment of all pictures: messages show when they were posted, not when they were updated. */
export const NOW = new Date('2026-11-02T10:00:01.000Z');

const rules = { symbols: ['AMZN', 'AAPL', 'GOOGL', 'MSFT', 'NVDA', 'TSLA'], defaultQuantity: 10 };
const pressed = { execution: 'AMZN-3f9c', id: approval().id, responseUrl: 'https://example.com/' };

/** What stands in the channel for many requests that wait for their turn. */
const backlogs: Readonly<Record<string, string>> = {
  'backlog: many wait': backlogMessage(812, '2026-11-02T10:37:00.000Z'),
  'backlog: none waits any more': backlogDone('2026-11-02T10:20:00.000Z'),
};

const answers: Readonly<Record<string, string>> = {
  'answer: started': tradeStarted({ symbol: 'AMZN', quantity: 10 }, CHANNEL),
  'answer: help': tradeHelp(rules, command),
  'answer: refused': tradeRefused(unknownSymbol('NOPE', rules.symbols), 'NOPE', rules, command),
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
  'answer: nothing to take back': refusalMessage('no_vote', 'undo', approvalIn('half approved')),
  'answer: audit': auditFollows('2026-11', 12),
  'answer: audit refused': auditNotForYou(),
  'answer: audit of no month': auditNotAMonth(command),
  'answer: perhaps too late': decisionMayBeLate(approval()),
  'answer: asked again': tradeResubmitted(approvalIn('declined')),
  'answer: asked again already': notResubmitted(approvalIn('expired, asked again')),
  'answer: something went wrong': somethingWentWrong('1f0a9c3e'),
};

/** The same in the channel and to who asked, since nobody was. */
const aboveLimit = unaskedResult(
  {
    outcome: 'failed',
    text: 'Buy 100,000 AMZN is USD 18,220,000.00; nobody may approve more than USD 250,000.00. Nobody was asked, and nothing was done.',
  },
  'AMZN-3f9c',
);

/** What Ana reads in her direct messages, who asked. */
const directMessages: Readonly<Record<string, string>> = {
  'direct: filled': endOf('filled'),
  'direct: declined': endOf('declined'),
  'direct: expired, half approved': endOf('expired, half approved'),
  'direct: above the limit': aboveLimit,
  'direct: to decide in Home': unpostedNotice(approval(), 'approver'),
};

function endOf(name: string): string {
  const record = approvalIn(name);
  if (!record.result) throw new Error(`“${name}” has not ended.`);
  return `${resultReply(record.result, record)} ${messageLink('https://local.slack.com/archives/C0TRADING/p1793613601000000')}`;
}

const half = approvalIn('half approved');

/** What is said in the thread while nobody decides. */
const escalationSteps: Readonly<Record<string, string>> = {
  'reply: reminder': escalationReply('reminder', approval()),
  'reply: escalation': escalationReply('escalation', approvalIn('escalated'), ['U0DANA']),
  'reply: delegate': delegateReply('U0DANA', approvalIn('asked of a delegate')),
  'reply: last reminder': escalationReply(
    'escalation',
    approvalOfTwo({ ...half, escalationSchedule: { ...half.escalationSchedule, escalateTo: ['S0RISK'] } }),
  ),
};

const permalink = 'https://local.slack.com/archives/C0TRADING/p1793613601000000';
const waiting = approvalList(
  'Pending requests',
  [approval(), { ...half, execution: 'AMZN-81b2' }].map((each) => ({ approval: each, permalink })),
  { execution: 'AMZN-3f9c', id: approval().id, deadline: approval().deadline },
);

/** As Ana sees it, where she may approve what Chloe asked for. */
const home = homeView({
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

const modals: Readonly<Record<string, ModalView>> = {
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

export type Show = (name: string, what: Locator) => Promise<void>;

/** Goes through the gallery in this page, and hands each exhibit to `show`. */
export async function walkGallery(page: Page, show: Show): Promise<void> {
  const door = createServer();
  await new Promise<void>((opened) => door.listen(0, '127.0.0.1', opened));
  const address = door.address();
  const requestUrl = typeof address === 'object' ? `http://127.0.0.1:${address?.port}/` : '';
  const workspace = await openSlackWorkspace(() => requestUrl, NOW);
  try {
    const opened: { view?: ModalView } = {};
    door.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        const trigger_id = new URLSearchParams(body).get('trigger_id') ?? '';
        const opening = opened.view
          ? workspace.client.views.open({ trigger_id, view: opened.view })
          : undefined;
        void Promise.resolve(opening).then(() => response.end());
      });
    });
    await page.goto(workspace.slack.url);
    await showMessages(page, workspace, show);
    await showDirectMessages(page, workspace, show);
    await showHome(page, workspace, show);
    await showModals(page, workspace, opened, show);
    await showConfirmation(page, workspace, show);
  } finally {
    await workspace.slack.close();
    door.close();
  }
}

async function showMessages(page: Page, { client }: SlackWorkspace, show: Show): Promise<void> {
  for (const [name, record] of Object.entries(approvalStates)) {
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, ...approvalMessage(record) });
    await show(`message: ${name}`, await visible(page.locator(`#messages [data-ts="${ts}"]`)));
    if (!record.result) continue;
    const reply = await client.chat.postMessage({
      channel: CHANNEL,
      text: resultReply(record.result, record),
    });
    await show(`reply: ${name}`, await visible(page.locator(`#messages [data-ts="${reply.ts}"]`)));
  }
  for (const [name, text] of Object.entries({ ...escalationSteps, ...backlogs })) {
    const reply = await client.chat.postMessage({ channel: CHANNEL, text });
    await show(name, await visible(page.locator(`#messages [data-ts="${reply.ts}"]`)));
  }
  const posted = await client.chat.postEphemeral({ channel: CHANNEL, user: ANA, ...waiting });
  await show('answer: pending', await visible(page.locator(`#messages [data-ts="${posted.message_ts}"]`)));
  for (const [name, text] of Object.entries(answers)) {
    const { message_ts: ts } = await client.chat.postEphemeral({ channel: CHANNEL, user: ANA, text });
    await show(name, await visible(page.locator(`#messages [data-ts="${ts}"]`)));
  }
  const { ts } = await client.chat.postMessage({ channel: CHANNEL, text: aboveLimit });
  await show('message: above the limit', await visible(page.locator(`#messages [data-ts="${ts}"]`)));
}

async function showDirectMessages(page: Page, { client }: SlackWorkspace, show: Show): Promise<void> {
  const open = (name: string) => page.getByRole('navigation').getByRole('button', { name }).click();
  await open('Countersign');
  await page.getByRole('tab', { name: 'Messages' }).click();
  const newest = page.locator('#messages').getByRole('article').last();
  for (const [name, text] of Object.entries(directMessages)) {
    const { ts } = await client.chat.postMessage({ channel: ANA, text });
    await show(name, await visible(page.locator(`#messages [data-ts="${ts}"]`)));
  }
  const refusedOnce = { action: 'approve', by: ANA, at: NOW.toISOString(), refusal: 'own_request' } as const;
  const entries = Array.from({ length: 12 }, () => refusalEntry(approval(), refusedOnce));
  const { channel } = await client.conversations.open({ users: ANA });
  await client.files.uploadV2({
    channel_id: channel?.id ?? '',
    filename: 'countersign-audit-2026-11.csv',
    content: auditFile(entries, 'csv'),
    initial_comment: auditFollows('2026-11', entries.length),
  });
  await newest.getByRole('link', { name: 'Download' }).waitFor();
  await show('direct: audit', newest);
  await open('# trading');
}

async function showHome(page: Page, { client }: SlackWorkspace, show: Show): Promise<void> {
  const open = (name: string) => page.getByRole('navigation').getByRole('button', { name }).click();
  await client.views.publish({ user_id: ANA, view: home });
  await open('Countersign');
  await page.getByRole('tab', { name: 'Home' }).click();
  const place = page.getByRole('tabpanel', { name: 'Home' });
  await place.getByRole('heading', { name: 'Your settings' }).waitFor();
  await show('home', place);
  await open('# trading');
}

async function showModals(
  page: Page,
  { slack }: SlackWorkspace,
  opened: { view?: ModalView },
  show: Show,
): Promise<void> {
  for (const [name, view] of Object.entries(modals)) {
    opened.view = view;
    await slack.say(ANA, '/trade');
    await show(name, await visible(page.getByRole('dialog')));
    slack.closeModal(ANA);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
}

async function showConfirmation(page: Page, { client }: SlackWorkspace, show: Show): Promise<void> {
  const record = approvalIn('pending, with a note and a confirmation');
  const { ts } = await client.chat.postMessage({ channel: CHANNEL, ...approvalMessage(record) });
  await page.locator(`#messages [data-ts="${ts}"]`).getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog');
  await show('modal: confirm', await visible(dialog));
  await dialog.getByRole('button', { name: 'Not yet' }).click();
}

async function visible(what: Locator): Promise<Locator> {
  await what.waitFor();
  return what;
}

/** What is the same at every run, and seen: without the workspace's own timestamps, addresses, ids and marks. */
export function lasting(html: string): string {
  return html
    .replaceAll(/\d{10}\.\d{6}/g, 'TS')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/ (datetime|title|data-block|data-value)="[^"]*"/g, '')
    .replaceAll(/\b[VBF][0-9A-Za-z]{6,}\b/g, 'ID');
}

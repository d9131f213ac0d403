// Shows every message and modal in the local Slack at a fixed time, one after the other. Pictures are taken of them,
// and a test compares them with the current views.
import { createServer } from 'node:http';
import type { ModalView } from '@slack/types';
import type { Locator, Page } from 'playwright-core';
import { approvalIn, approvalStates } from '../../conformance/gallery/approval-states.ts';
import { approval } from '../../conformance/gallery/approvals.ts';
import {
  aboveLimit,
  answers,
  backlogs,
  directMessages,
  escalationSteps,
  home,
  modals,
  NOW,
  waiting,
} from '../../conformance/gallery/exhibits.ts';
import { refusalEntry } from '../../domain/audit.ts';
import { approvalMessage } from '../../slack/views/approval-message.ts';
import { auditFollows } from '../../slack/views/audit-answers.ts';
import { auditFile } from '../../slack/views/audit-file.ts';
import { resultReply } from '../../slack/views/result-reply.ts';
import { closeTour } from '../support/browser.ts';
import { ANA, CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';

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
    await closeTour(page);
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
  await dialog.getByRole('button', { name: 'Go back' }).click();
}

async function visible(what: Locator): Promise<Locator> {
  await what.waitFor();
  return what;
}

/** What is the same at every run, and seen: without the workspace's own timestamps, addresses, ids and marks. */
export function lasting(html: string): string {
  return (
    html
      .replaceAll(/\d{10}\.\d{6}/g, 'TS')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
      .replaceAll(/ (datetime|title|data-block|data-value)="[^"]*"/g, '')
      // On a slow machine, the last messages are posted minutes after the first.
      .replaceAll(/(?<=<time>)10:0\d AM(?=<)/g, '10:00 AM')
      .replaceAll(/\b[VBF][0-9A-Za-z]{6,}\b/g, 'ID')
  );
}

// The reply that shows how far an approved action has come, with the button that its workflow asked for. relay-result
// posts it and then edits it.
import type { Button, ConfirmationDialog } from '@slack/types';
import type { ApprovalKey, ProgressButton, ProgressReport } from '../../domain/approval.ts';
import type { View } from './approval-message.ts';
import { approvalValue } from './approval-value.ts';
import { limits, truncate } from './limits.ts';
import { cleanText, escapeMrkdwn, time } from './mrkdwn.ts';
import { section } from './section.ts';

/** With its time, because Slack does not show when a message was edited. */
export function progressReply({ emoji, text, at }: Omit<ProgressReport, 'button'>): string {
  return truncate(`${emoji} ${escapeMrkdwn(text)} (as of ${time(at)})`, limits.sectionText);
}

/** Without a button, the list of blocks is empty. chat.update then removes the blocks of the message. */
export function progressView({ button, ...report }: ProgressReport, key: ApprovalKey): View {
  const text = progressReply(report);
  if (!button) return { text, blocks: [] };
  return { text, blocks: [section(text), { type: 'actions', elements: [progressButton(button, key)] }] };
}

function progressButton({ label, action, confirm }: ProgressButton, key: ApprovalKey): Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(label, limits.buttonLabel),
    value: approvalValue(key),
    ...(confirm === undefined ? {} : { confirm: confirmation(label, confirm) }),
  };
}

function confirmation(label: string, question: string): ConfirmationDialog {
  return {
    title: plain(label, limits.buttonLabel),
    text: plain(question, limits.confirmText),
    confirm: plain(label, limits.confirmLabel),
    deny: { type: 'plain_text', text: 'Go back' },
  };
}

function plain(text: string, maxLength: number) {
  return { type: 'plain_text' as const, text: truncate(cleanText(text), maxLength) };
}

// Where several approvals stand, a line each, with the way to the message and to the execution. The command's
// `status` and `pending` show it, privately.
import type { KnownBlock } from '@slack/types';
import type { Approval, PageCursor } from '../../domain/approval.ts';
import type { View } from './approval-message.ts';
import type { Command } from './command.ts';
import { truncate, limits } from './limits.ts';
import { escapeMrkdwn } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { statusText } from './status-text.ts';

export const morePendingAction = 'more_pending';

/** An approval with the address of its message, where that stands. */
export interface Linked {
  readonly approval: Approval;
  readonly permalink: string | undefined;
}

export function approvalList(title: string, items: readonly Linked[], next?: PageCursor): View {
  const lines = items.map((item) => line(item, ' · ', ' '));
  const blocks = [`*${title}*`, ...items.map((item) => line(item, '\n', '\n'))].map(section);
  return {
    text: truncate([title, ...lines].join('\n'), limits.messageText),
    blocks: next ? [...blocks, more(next)] : blocks,
  };
}

/** Undefined: it is none of ours. */
export function readMorePending(value: string | undefined): PageCursor | undefined {
  try {
    const { execution, id, deadline } = JSON.parse(value ?? '');
    return [execution, id, deadline].every((each) => typeof each === 'string')
      ? { execution, id, deadline }
      : undefined;
  } catch {
    return undefined;
  }
}

export function nothingPending(): string {
  return 'Nothing waits for a decision.';
}

export function nothingOfYours({ name, execution }: Command): string {
  return `Nothing that you asked for waits for a decision. \`${name} pending\` shows what waits of others, \`${name} status ${execution}\` an execution by its name.`;
}

export function unknownExecution(name: string, { execution }: Command): string {
  return `:warning: No execution ${escapeMrkdwn(name)} has asked for approval. Its name is at the bottom of its message, such as \`${execution}\`.`;
}

export function whichExecution({ name, execution }: Command): string {
  return `:warning: Say which execution: its name is at the bottom of its message. For example: \`${name} cancel ${execution}\``;
}

/** In the text a line each, as it is read aloud; in the blocks its parts one under the other. */
function line({ approval, permalink }: Linked, afterTitle: string, beforeLinks: string): string {
  const { word, sentence } = statusText(approval);
  const links = [
    ...(permalink ? [`<${permalink}|Message>`] : []),
    `<${consoleAddress(approval.executionArn)}|Execution>`,
  ].join(' · ');
  const said = `*${requestTitle(approval.request)}*${afterTitle}${word}: ${sentence}${beforeLinks}${links}`;
  return truncate(said, limits.sectionText);
}

/** The execution's page in the AWS console. */
function consoleAddress(executionArn: string): string {
  const region = executionArn.split(':')[3];
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function more(next: PageCursor): KnownBlock {
  const button = {
    type: 'button' as const,
    action_id: morePendingAction,
    text: { type: 'plain_text' as const, text: 'More' },
    value: JSON.stringify(next),
  };
  return { type: 'actions', elements: [button] };
}

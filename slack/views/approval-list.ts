// A list of approvals, with links to each message and execution. The commands `status` and `pending` show it privately.
import type { KnownBlock } from '@slack/types';
import type { Approval, PageCursor } from '../../domain/approval.ts';
import type { View } from './approval-message.ts';
import type { Command } from './command.ts';
import { truncate, limits } from './limits.ts';
import { executionLinks } from './execution-link.ts';
import { executionRef } from './mrkdwn.ts';
import { titleWithResult } from './request-title.ts';
import { section } from './section.ts';
import { statusText } from './status-text.ts';

export const morePendingAction = 'more_pending';

/** An approval, and the permalink of its message if there is a message. */
export interface ApprovalWithLink {
  readonly approval: Approval;
  readonly permalink: string | undefined;
}

export function approvalList(title: string, items: readonly ApprovalWithLink[], next?: PageCursor): View {
  const lines = items.map((item) => line(item, ' · ', ' '));
  const blocks = [`*${title}*`, ...items.map((item) => line(item, '\n', '\n'))].map(section);
  return {
    text: truncate([title, ...lines].join('\n'), limits.listText),
    blocks: next ? [...blocks, nextPageButton(next)] : blocks,
  };
}

/** Returns undefined if this app did not write the value. */
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

/** Title of a page of which the person may see nothing. */
export const noneOnThisPage = 'Pending requests: none that you may see on this page';

export function nothingPending(): string {
  return 'There are no pending requests.';
}

export function nothingOfYours({ name, execution }: Command): string {
  return `You have no pending requests. \`${name} pending\` lists the requests of others, and \`${name} status ${execution}\` shows one execution.`;
}

export function unknownExecution(name: string, { execution }: Command): string {
  return `:warning: No execution ${executionRef(name)} has asked for approval. The name is at the bottom of a request's message, such as \`${execution}\`.`;
}

export function whichExecution({ name, execution }: Command): string {
  return `:warning: Say which execution: the name is at the bottom of the request's message. For example: \`${name} cancel ${execution}\``;
}

/** Formats one approval: on one line for the text of the message, and on several lines for its blocks. */
function line({ approval, permalink }: ApprovalWithLink, afterTitle: string, beforeLinks: string): string {
  const { label, sentence } = statusText(approval);
  const links = [
    executionRef(approval.execution),
    ...(permalink ? [`<${permalink}|Message>`] : []),
    ...executionLinks(approval.executionArn),
  ].join(' · ');
  const text = `*${label}: ${titleWithResult(approval)}*${afterTitle}${sentence}`;
  return `${truncate(text, limits.listItem - links.length)}${beforeLinks}${links}`;
}

function nextPageButton(next: PageCursor): KnownBlock {
  const button = {
    type: 'button' as const,
    action_id: morePendingAction,
    text: { type: 'plain_text' as const, text: 'More' },
    value: JSON.stringify(next),
  };
  return { type: 'actions', elements: [button] };
}

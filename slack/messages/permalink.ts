// Looks up the permalink of an approval's message, for links in private answers, direct messages and lists.
import type { WebClient } from '@slack/web-api';
import type { Approval } from '../../domain/approval.ts';
import type { ApprovalWithLink } from '../views/approval-list.ts';
import { messageLink } from '../views/mrkdwn.ts';

/** Appends a link to the approval's message, if there is a message. */
export async function withLink(
  text: string,
  approval: Approval | undefined,
  slack: WebClient,
): Promise<string> {
  const permalink = approval && (await permalinkOf(approval, slack));
  return permalink ? `${text} ${messageLink(permalink)}` : text;
}

/** Undefined if Slack returns no link, for whatever reason: a text without its link is better than no text. */
export async function permalinkOf({ channel, ts }: Approval, slack: WebClient): Promise<string | undefined> {
  if (!ts) return undefined;
  try {
    return (await slack.chat.getPermalink({ channel, message_ts: ts })).permalink;
  } catch {
    return undefined;
  }
}

export async function withPermalinks(
  approvals: readonly Approval[],
  slack: WebClient,
): Promise<readonly ApprovalWithLink[]> {
  return Promise.all(
    approvals.map(async (approval) => ({ approval, permalink: await permalinkOf(approval, slack) })),
  );
}

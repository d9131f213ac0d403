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

/** Asks Slack for one permalink, because those of a workspace differ in their ends alone. */
export async function withPermalinks(
  approvals: readonly Approval[],
  slack: WebClient,
): Promise<readonly ApprovalWithLink[]> {
  const start = await startOfPermalinks(approvals, slack);
  return approvals.map((approval) => ({
    approval,
    permalink: start !== undefined && approval.ts ? `${start}${endOfPermalink(approval)}` : undefined,
  }));
}

/** A message that was deleted has no permalink. */
const MAX_TRIES = 3;

async function startOfPermalinks(
  approvals: readonly Approval[],
  slack: WebClient,
): Promise<string | undefined> {
  for (const approval of approvals.filter(({ ts }) => ts).slice(0, MAX_TRIES)) {
    const permalink = await permalinkOf(approval, slack);
    const end = endOfPermalink(approval);
    if (permalink?.endsWith(end)) return permalink.slice(0, -end.length);
  }
  return undefined;
}

/** Format: https://docs.slack.dev/reference/methods/chat.getPermalink */
function endOfPermalink({ channel, ts = '' }: Approval): string {
  return `/archives/${channel}/p${ts.replace('.', '')}`;
}

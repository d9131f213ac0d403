// The thread of an approval in Slack: posts its message, keeps the message true, replies under it. The bot calls it
// after a decision, the functions on the queues when something is asked or has ended.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import { findPosted } from './find-posted.ts';
import { refusedBySlack, surelyRefused } from './slack-refusal.ts';
import { approvalMessage, METADATA_EVENT } from './views/approval-message.ts';
import { messageLink } from './views/mrkdwn.ts';

export interface ThreadDependencies {
  readonly approvals: Approvals;
  readonly slack: WebClient;
}

/** Somebody else is posting this message at the moment, or died while doing so: worth another try in a minute. */
export class BeingPosted extends Error {
  override readonly name = 'BeingPosted';
}

/** Posts the message as the approval stands now, stores where it is, and returns its `ts`. Posted already, it is found. */
export async function postApproval(
  thread: ThreadDependencies & { readonly now: () => Date },
  approval: Approval,
): Promise<string> {
  const { approvals, slack, now } = thread;
  const { execution, id, channel } = approval;
  const mark = { event_type: METADATA_EVENT, event_payload: { execution, id } };
  const post = () =>
    slack.chat.postMessage({
      channel,
      ...approvalMessage(approval),
      metadata: mark,
      unfurl_links: false,
      unfurl_media: false,
    });
  const claim = await approvals.claimPost(approval, now());
  if (!claim) throw new BeingPosted(`Approval ${id} is being posted.`);
  const found =
    claim === 'again' ? await findPosted(slack, { channel, since: approval.askedAt }, mark) : undefined;
  const { ts = '' } = found
    ? { ts: found }
    : await post().catch(async (error: unknown) => {
        // Whoever tries next need neither wait nor look.
        if (surelyRefused(error)) await approvals.releasePost(approval);
        throw error;
      });
  // What was found may show less than there is by now.
  await approvals.recordPosted(approval, ts, found ? 0 : approval.revision);
  // Somebody may have pressed, or the execution may have ended, before it was known where the message stands.
  const newest = await approvals.get(approval);
  if (found || newest?.revision !== approval.revision) await showApproval(thread, approval);
  return ts;
}

/**
 * Makes the message show the newest revision. Whoever updates it looks afterwards whether the record moved
 * meanwhile, and goes again if it did: so it does not matter in which order two writers reach Slack. `gone`: there is
 * no such message, or not any more.
 */
export async function showApproval(
  { approvals, slack }: ThreadDependencies,
  key: ApprovalKey,
): Promise<'shown' | 'gone'> {
  for (;;) {
    const approval = await approvals.get(key);
    if (!approval?.ts) return 'gone';
    const there = await updated(slack, approval, approval.ts);
    const newest = await approvals.recordShown(key, approval.revision);
    if (there && newest !== approval.revision) continue;
    if (approval.reopened) await approvals.close(key);
    return there ? 'shown' : 'gone';
  }
}

/** Makes any message about this approval say how it stands. False: there is no such message any more. */
export async function updated(slack: WebClient, approval: Approval, ts: string): Promise<boolean> {
  try {
    await slack.chat.update({ channel: approval.channel, ts, ...approvalMessage(approval) });
    return true;
  } catch (error) {
    if (refusedBySlack(error) === 'message_not_found') return false;
    throw error;
  }
}

/** The word, and a link to the message it is about, where that is known. */
export async function withLink(
  word: string,
  approval: Approval | undefined,
  slack: WebClient,
): Promise<string> {
  const permalink = approval && (await permalinkOf(approval, slack));
  return permalink ? `${word} ${messageLink(permalink)}` : word;
}

/** The address of its message, where that is known. */
export async function permalinkOf({ channel, ts }: Approval, slack: WebClient): Promise<string | undefined> {
  if (!ts) return undefined;
  try {
    return (await slack.chat.getPermalink({ channel, message_ts: ts })).permalink;
  } catch (error) {
    // Somebody deleted it.
    if (refusedBySlack(error) === 'message_not_found') return undefined;
    throw error;
  }
}

// The thread of an approval in Slack: posts its message, keeps the message true, replies under it. The bot calls it
// after a decision, the functions on the queues when something is asked or has ended.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import { approvalMessage, METADATA_EVENT } from './views/approval-message.ts';

export interface ThreadDependencies {
  readonly approvals: Approvals;
  readonly slack: WebClient;
}

/** Posts the message as the approval stands now, stores where it is, and returns its `ts`. */
export async function postApproval(thread: ThreadDependencies, approval: Approval): Promise<string> {
  const { approvals, slack } = thread;
  const { execution, id, channel } = approval;
  const { ts } = await slack.chat.postMessage({
    channel,
    ...approvalMessage(approval),
    metadata: { event_type: METADATA_EVENT, event_payload: { execution, id } },
    unfurl_links: false,
    unfurl_media: false,
  });
  if (!ts) throw new NotPosted(`Slack accepted the message of approval ${id} and gave no ts.`);
  await approvals.recordPosted(approval, ts, approval.revision);
  // Somebody may have pressed, or the execution may have ended, before it was known where the message stands.
  const now = await approvals.get(approval);
  if (now?.revision !== approval.revision) await showApproval(thread, approval);
  return ts;
}

class NotPosted extends Error {
  override readonly name = 'NotPosted';
}

/**
 * Makes the message show the newest revision. Whoever updates it looks afterwards whether the record moved
 * meanwhile, and goes again if it did: so it does not matter in which order two writers reach Slack.
 */
export async function showApproval(
  { approvals, slack }: ThreadDependencies,
  key: ApprovalKey,
): Promise<void> {
  for (;;) {
    const approval = await approvals.get(key);
    if (!approval?.ts) return;
    await slack.chat.update({ channel: approval.channel, ts: approval.ts, ...approvalMessage(approval) });
    const newest = await approvals.recordShown(key, approval.revision);
    if (newest === approval.revision) return;
  }
}

// Posts the message that asks people, at most once for an approval. request-approval calls it, and relay-result where an
// execution ended before its message was posted.
import { RetryLater } from '../../aws/retry-later.ts';
import type { Approval } from '../../domain/approval.ts';
import { definitelyNotExecuted } from '../slack-errors.ts';
import { approvalMessage, METADATA_EVENT } from '../views/approval-message.ts';
import { findMessage } from './find-message.ts';
import { type MessageDependencies, syncMessage } from './sync-message.ts';

/** Another worker posts this message now, or died while it did. Its lease expires within a minute. */
export class PostInProgress extends RetryLater {
  override readonly name = 'PostInProgress';
}

/** Posts the message of the approval as it is now, stores where it is, and returns its `ts`. */
export async function postApproval(
  dependencies: MessageDependencies & { readonly now: () => Date },
  approval: Approval,
): Promise<string> {
  const { approvals, slack, now } = dependencies;
  const { execution, id, channel } = approval;
  const metadata = { event_type: METADATA_EVENT, event_payload: { execution, id } };
  const lease = await approvals.leasePost(approval, now());
  if (lease === 'held' || lease === 'done') throw new PostInProgress(`Approval ${id} is being posted.`);
  const scope = { channel, since: approval.askedAt };
  const found = lease === 'taken_over' ? await findMessage(slack, scope, metadata) : undefined;
  const { ts = '' } = found
    ? { ts: found }
    : await slack.chat
        .postMessage({
          channel,
          ...approvalMessage(approval),
          metadata,
          unfurl_links: false,
          unfurl_media: false,
        })
        .catch(async (error: unknown) => {
          // The next try need neither wait nor look for a message.
          if (definitelyNotExecuted(error)) await approvals.releasePost(approval);
          throw error;
        });
  // A message that was found may show an older revision.
  await approvals.recordPosted(approval, ts, found ? 0 : approval.revision);
  // Before the table knew where the message is, somebody may have voted, or the execution may have ended.
  const newest = await approvals.get(approval);
  if (found || newest?.revision !== approval.revision) await syncMessage(dependencies, approval);
  return ts;
}

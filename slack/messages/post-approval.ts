// Posts the message of an approval at most once. request-approval calls it, and relay-result calls it if the execution
// ended before the message was posted.
import { RetryLater } from '../../aws/retry-later.ts';
import type { Approval } from '../../domain/approval.ts';
import { definitelyNotExecuted } from '../slack-errors.ts';
import { approvalMessage, METADATA_EVENT } from '../views/approval-message.ts';
import { findMessage } from './find-message.ts';
import { sendChart } from './send-chart.ts';
import { type MessageDependencies, syncMessage } from './sync-message.ts';

/** Another worker posted this message, or holds the lease to post it. The lease expires within a minute. */
export class PostInProgress extends RetryLater {
  override readonly name = 'PostInProgress';
}

/** Posts the message, stores its `ts`, and returns the `ts`. */
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
    : await sendChart(approvalMessage(approval), (view) =>
        slack.chat.postMessage({ channel, ...view, metadata, unfurl_links: false, unfurl_media: false }),
      ).catch(async (error: unknown) => {
        // If nothing was posted, release the lease, so that the next try posts at once and without a search.
        if (definitelyNotExecuted(error)) await approvals.releasePost(approval);
        throw error;
      });
  // A message that was found may show an older revision, so its revision is recorded as 0.
  await approvals.recordPosted(approval, ts, found ? 0 : approval.revision);
  // The approval may have changed before the `ts` was stored, and that change could not update the message.
  const newest = await approvals.get(approval);
  if (found || newest?.revision !== approval.revision) await syncMessage(dependencies, approval);
  return ts;
}

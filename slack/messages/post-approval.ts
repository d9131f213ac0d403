// Posts the message that asks people, at most once for an approval. request-approval calls it, and relay-result where an
// execution ended before its message was posted.
import type { Approval } from '../../domain/approval.ts';
import { definitelyNotExecuted } from '../slack-errors.ts';
import { approvalMessage, METADATA_EVENT } from '../views/approval-message.ts';
import { findMessage } from './find-message.ts';
import { type MessageDependencies, syncMessage } from './sync-message.ts';

/** Somebody else is posting this message at the moment, or died while doing so: worth another try in a minute. */
export class PostInProgress extends Error {
  override readonly name = 'BeingPosted';
}

/** Posts the message as the approval stands now, stores where it is, and returns its `ts`. Posted already, it is found. */
export async function postApproval(
  thread: MessageDependencies & { readonly now: () => Date },
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
  if (!claim) throw new PostInProgress(`Approval ${id} is being posted.`);
  const found =
    claim === 'again' ? await findMessage(slack, { channel, since: approval.askedAt }, mark) : undefined;
  const { ts = '' } = found
    ? { ts: found }
    : await post().catch(async (error: unknown) => {
        // Whoever tries next need neither wait nor look.
        if (definitelyNotExecuted(error)) await approvals.releasePost(approval);
        throw error;
      });
  // What was found may show less than there is by now.
  await approvals.recordPosted(approval, ts, found ? 0 : approval.revision);
  // Somebody may have pressed, or the execution may have ended, before it was known where the message stands.
  const newest = await approvals.get(approval);
  if (found || newest?.revision !== approval.revision) await syncMessage(thread, approval);
  return ts;
}

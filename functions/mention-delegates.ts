// Mentions the delegates who joined after the message was posted, because an update of a message notifies nobody. The
// reconciler calls it. A lease ensures that each delegate is mentioned once.
import type { Approval } from '../domain/approval.ts';
import { mayStillApprove, nobodyCanApprove } from '../domain/votes.ts';
import { postReply } from '../slack/messages/post-reply.ts';
import { threadReplies } from '../slack/rate-limits.ts';
import { definitelyNotExecuted } from '../slack/slack-errors.ts';
import { delegateReply } from '../slack/views/delegation.ts';
import type { RefreshDependencies } from './refresh-approvers.ts';

export async function mentionDelegates(
  { delegatesToMention = new Set(), ...approval }: Approval,
  dependencies: Pick<RefreshDependencies, 'approvals' | 'slack' | 'acquire' | 'now' | 'log'>,
): Promise<void> {
  const { approvals, acquire, now, log } = dependencies;
  for (const delegate of delegatesToMention) {
    // Nobody is called to approve what has no Approve button.
    if (nobodyCanApprove(approval)) return;
    const isDelegate = delegate in approval.delegateFor && mayStillApprove(approval).includes(delegate);
    if (!isDelegate) {
      await approvals.recordMention(approval, delegate);
      continue;
    }
    await acquire(threadReplies(approval.channel));
    const lease = await approvals.leaseMention(approval, delegate, now());
    if (lease === 'held' || lease === 'done') continue;
    await mention(approval, delegate, lease === 'taken_over', dependencies);
    log('delegate_mentioned', { delegate, execution: approval.execution, approval: approval.id });
  }
}

async function mention(
  approval: Approval,
  delegate: string,
  possiblyPosted: boolean,
  { approvals, slack, log }: Pick<RefreshDependencies, 'approvals' | 'slack' | 'log'>,
): Promise<void> {
  const notice = {
    text: delegateReply(delegate, approval),
    metadata: { event_type: 'countersign_delegate', event_payload: { id: `${approval.id}-${delegate}` } },
    since: approval.askedAt,
  };
  try {
    await postReply(approval, notice, [delegate], possiblyPosted, await slack(), log);
  } catch (error) {
    // If the lease was taken over, an earlier holder may have posted, so the next run must search again.
    if (!possiblyPosted && definitelyNotExecuted(error)) await approvals.releaseMention(approval);
    throw error;
  }
  await approvals.recordMention(approval, delegate);
}

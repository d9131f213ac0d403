// Runs the escalation step that is due: posts a reply that mentions the people who may still approve. The reconciler
// calls it. A lease ensures that each step runs once.
import type { Approval } from '../domain/approval.ts';
import { mayStillApprove } from '../domain/votes.ts';
import { dueStep } from '../domain/escalation.ts';
import { postReply } from '../slack/messages/post-reply.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import { threadReplies } from '../slack/rate-limits.ts';
import { definitelyNotExecuted } from '../slack/slack-errors.ts';
import { escalationReply } from '../slack/views/escalation-reply.ts';
import { type RefreshDependencies, resolveAgain } from './refresh-approvers.ts';

export async function runEscalationStep(
  approval: Approval,
  dependencies: RefreshDependencies,
): Promise<void> {
  const { approvals, slack, acquire, now, log } = dependencies;
  const step = dueStep(approval, now());
  const wasAsked = approval.ts !== undefined || approval.channelRefused;
  if (!step || !wasAsked) return;
  await acquire(threadReplies(approval.channel));
  const lease = await approvals.leaseStep(approval, step, now());
  if (lease === 'held' || lease === 'done') return;
  // A run that takes over a lease searches for the earlier holder's reply before it posts. If such a lease were
  // released, the next run would post without searching, and there might be two replies.
  const release = lease === 'acquired' ? () => approvals.releaseStep(approval, step) : async () => {};
  try {
    const leased = (await approvals.get(approval)) ?? approval;
    const refreshed = step === 'escalation' ? await resolveAgain(leased, dependencies) : undefined;
    // The approvers were not stored, because the record changed after it was read. The next run tries again.
    if (refreshed?.changed === false) return await release();
    const current = refreshed?.approval ?? leased;
    const added = mayStillApprove(current).filter((id) => !leased.effectiveApprovers.includes(id));
    const notice = {
      text: escalationReply(step, current, added),
      metadata: {
        event_type: 'countersign_escalation_step',
        event_payload: { id: `${approval.id}-${step}` },
      },
      since: approval.askedAt,
    };
    const possiblyPosted = lease === 'taken_over';
    const ts = await postReply(current, notice, mayStillApprove(current), possiblyPosted, await slack(), log);
    await approvals.recordStep(approval, step, ts);
  } catch (error) {
    if (definitelyNotExecuted(error)) await release();
    throw error;
  }
  await syncMessage({ approvals, slack: await slack() }, approval);
  log('escalation_step_run', { step, execution: approval.execution, approval: approval.id });
}

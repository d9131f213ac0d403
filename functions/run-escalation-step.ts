// Runs the escalation step that is due: posts a reply that mentions the people who may still approve, in the thread or,
// if Slack refuses that, in the channel. The
// reconciler calls it. A lease ensures that each step runs once.
import type { Approval } from '../domain/approval.ts';
import { dueStep } from '../domain/escalation.ts';
import type { EscalationStep } from '../domain/escalation-schedule.ts';
import { findMessage, type SearchScope } from '../slack/messages/find-message.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import { threadReplies } from '../slack/rate-limits.ts';
import { definitelyNotExecuted, isUnreachable } from '../slack/slack-errors.ts';
import { escalationReply } from '../slack/views/escalation-reply.ts';
import { type RefreshDependencies, resolveAgain } from './refresh-approvers.ts';

export async function runEscalationStep(
  approval: Approval,
  dependencies: RefreshDependencies,
): Promise<void> {
  const { approvals, slack, acquire, now, log } = dependencies;
  const step = dueStep(approval, now());
  if (!step || !approval.ts) return;
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
    const thread = { channel: approval.channel, threadTs: approval.ts, since: approval.askedAt };
    await post(step, refreshed?.approval ?? leased, thread, lease === 'taken_over', dependencies);
  } catch (error) {
    if (definitelyNotExecuted(error)) await release();
    throw error;
  }
  await syncMessage({ approvals, slack: await slack() }, approval);
  log('escalation_step_run', { step, execution: approval.execution, approval: approval.id });
}

async function post(
  step: EscalationStep,
  approval: Approval,
  thread: SearchScope & { readonly threadTs: string },
  mayBePosted: boolean,
  { approvals, slack }: RefreshDependencies,
): Promise<void> {
  const web = await slack();
  const metadata = {
    event_type: 'countersign_escalation_step',
    event_payload: { id: `${approval.id}-${step}` },
  };
  const found = mayBePosted ? await findMessage(web, thread, metadata) : undefined;
  const message = {
    channel: thread.channel,
    text: escalationReply(step, approval),
    metadata,
    unfurl_links: false,
    unfurl_media: false,
  };
  const { ts = '' } = found
    ? { ts: found }
    : await web.chat.postMessage({ ...message, thread_ts: thread.threadTs }).catch((error: unknown) => {
        if (!isUnreachable(error)) throw error;
        // The thread is locked, or its message was deleted. People must be asked all the same.
        return web.chat.postMessage(message);
      });
  await approvals.recordStep(approval, step, ts);
}

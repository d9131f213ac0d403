// Climbs the rung of an approval's ladder that is due: a word in the thread, to those who may still approve; from the
// escalation on more people may. keep-watch calls it; each rung is climbed once.
import type { Approval } from '../domain/approval.ts';
import { dueStep } from '../domain/escalation.ts';
import { findMessage } from '../slack/messages/find-message.ts';
import { definitelyNotExecuted } from '../slack/slack-errors.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import { replying } from '../slack/rate-limits.ts';
import { escalationReply } from '../slack/views/escalation-reply.ts';
import { resolveAgain, type RefreshDependencies } from './refresh-approvers.ts';

export async function runEscalationStep(
  approval: Approval,
  dependencies: RefreshDependencies,
): Promise<void> {
  const { approvals, slack, acquire, now, log } = dependencies;
  const step = dueStep(approval, now());
  if (!step || !approval.ts) return;
  await acquire(replying(approval.channel));
  // Somebody had it before, and may have said it: given back, it would not be looked for.
  const again = approval.escalationSteps[step] !== undefined;
  const claimed = await approvals.claimStep(approval, step, now());
  if (!claimed) return;
  try {
    const asked = step === 'escalation' ? await resolveAgain(claimed, dependencies) : claimed;
    // Somebody pressed meanwhile: those who are to be asked are none of its members yet.
    if (step === 'escalation' && asked === claimed)
      return again ? undefined : await approvals.releaseStep(approval, step);
    const web = await slack();
    const { channel, ts: threadTs, askedAt: since } = approval;
    const mark = {
      event_type: 'countersign_escalation_step',
      event_payload: { id: `${approval.id}-${step}` },
    };
    const said = again && (await findMessage(web, { channel, threadTs, since }, mark));
    const { ts = '' } = said
      ? { ts: said }
      : await web.chat.postMessage({
          channel,
          thread_ts: threadTs,
          text: escalationReply(step, asked),
          metadata: mark,
          unfurl_links: false,
          unfurl_media: false,
        });
    await approvals.recordStep(approval, step, ts);
  } catch (error) {
    if (!again && definitelyNotExecuted(error)) await approvals.releaseStep(approval, step);
    throw error;
  }
  await syncMessage({ approvals, slack: await slack() }, approval);
  log('escalation_step_run', { step, execution: approval.execution, approval: approval.id });
}

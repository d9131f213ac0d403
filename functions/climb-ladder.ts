// Climbs the rung of an approval's ladder that is due: a word in the thread, to those who may still approve; from the
// escalation on more people may. keep-watch calls it; each rung is climbed once.
import type { Approval } from '../domain/approval.ts';
import { dueRung } from '../domain/ladder.ts';
import { refusedBySlack } from '../bot/slack-refusal.ts';
import { showApproval } from '../bot/thread.ts';
import { rungReply } from '../bot/views/rung-reply.ts';
import { renewMembers, type RefreshDependencies } from './refresh-members.ts';

export async function climb(approval: Approval, dependencies: RefreshDependencies): Promise<void> {
  const { approvals, slack, now, log } = dependencies;
  const rung = dueRung(approval, now());
  if (!rung || !approval.ts) return;
  const claimed = await approvals.claimRung(approval, rung, now());
  if (!claimed) return;
  const asked = rung === 'escalation' ? await renewMembers(claimed, dependencies) : claimed;
  const web = await slack();
  try {
    const { ts = '' } = await web.chat.postMessage({
      channel: approval.channel,
      thread_ts: approval.ts,
      text: rungReply(rung, asked),
      unfurl_links: false,
      unfurl_media: false,
    });
    await approvals.recordRung(approval, rung, ts);
  } catch (error) {
    if (refusedBySlack(error)) await approvals.releaseRung(approval, rung);
    throw error;
  }
  await showApproval({ approvals, slack: web }, approval);
  log('rung_climbed', { rung, execution: approval.execution, approval: approval.id });
}

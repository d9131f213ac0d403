// Climbs the rung of an approval's ladder that is due: a word in the thread, to those who may still approve; from the
// escalation on more people may. keep-watch calls it; each rung is climbed once.
import type { Approval } from '../domain/approval.ts';
import { dueRung } from '../domain/escalation.ts';
import { findPosted } from '../slack/messages/find-message.ts';
import { surelyRefused } from '../slack/slack-errors.ts';
import { showApproval } from '../slack/messages/sync-message.ts';
import { replying } from '../slack/rate-limits.ts';
import { rungReply } from '../slack/views/escalation-reply.ts';
import { resolveAgain, type RefreshDependencies } from './refresh-approvers.ts';

export async function climb(approval: Approval, dependencies: RefreshDependencies): Promise<void> {
  const { approvals, slack, inTurn, now, log } = dependencies;
  const rung = dueRung(approval, now());
  if (!rung || !approval.ts) return;
  await inTurn(replying(approval.channel));
  // Somebody had it before, and may have said it: given back, it would not be looked for.
  const again = approval.rungs[rung] !== undefined;
  const claimed = await approvals.claimRung(approval, rung, now());
  if (!claimed) return;
  try {
    const asked = rung === 'escalation' ? await resolveAgain(claimed, dependencies) : claimed;
    // Somebody pressed meanwhile: those who are to be asked are none of its members yet.
    if (rung === 'escalation' && asked === claimed)
      return again ? undefined : await approvals.releaseRung(approval, rung);
    const web = await slack();
    const { channel, ts: threadTs, askedAt: since } = approval;
    const mark = { event_type: 'countersign_rung', event_payload: { id: `${approval.id}-${rung}` } };
    const said = again && (await findPosted(web, { channel, threadTs, since }, mark));
    const { ts = '' } = said
      ? { ts: said }
      : await web.chat.postMessage({
          channel,
          thread_ts: threadTs,
          text: rungReply(rung, asked),
          metadata: mark,
          unfurl_links: false,
          unfurl_media: false,
        });
    await approvals.recordRung(approval, rung, ts);
  } catch (error) {
    if (!again && surelyRefused(error)) await approvals.releaseRung(approval, rung);
    throw error;
  }
  await showApproval({ approvals, slack: await slack() }, approval);
  log('rung_climbed', { rung, execution: approval.execution, approval: approval.id });
}

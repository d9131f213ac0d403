// Handles progress that a workflow published on the results topic: one reply in the thread of the request, which later
// progress replaces. relay-result calls it.
import type { WebClient } from '@slack/web-api';
import { executionName } from '../aws/executions.ts';
import { PROGRESS_LEASE_MS, type ProgressReports } from '../aws/progress.ts';
import { RetryLater } from '../aws/retry-later.ts';
import type { Approval } from '../domain/approval.ts';
import { findMessage, type MessageMetadata } from '../slack/messages/find-message.ts';
import { postOnce } from '../slack/messages/post-once.ts';
import { messageUpdates, threadReplies } from '../slack/rate-limits.ts';
import { definitelyNotExecuted, failureFields, isDeleted, isUnreachable } from '../slack/slack-errors.ts';
import { progressView } from '../slack/views/progress-reply.ts';
import { limitedBy } from './acquire-slot.ts';
import type { Delivery } from './queue-handler.ts';
import { readProgress } from './result-message.ts';
import type { SettleDependencies } from './settle-approvals.ts';

/** Another worker shows the progress of this request. */
export class ProgressInProgress extends RetryLater {
  override readonly name = 'ProgressInProgress';
}

export interface ProgressDependencies extends Pick<
  SettleDependencies,
  'approvals' | 'slack' | 'now' | 'log'
> {
  readonly progress: ProgressReports;
}

/** @param body the message as the queue delivered it, parsed as JSON */
export async function relayProgress(
  executionArn: string,
  body: unknown,
  { firstSentAt, acquire }: Pick<Delivery, 'firstSentAt' | 'acquire'>,
  dependencies: ProgressDependencies,
): Promise<void> {
  const { approvals, progress, now, log } = dependencies;
  const execution = executionName(executionArn);
  const read = readProgress(body, new Date(firstSentAt));
  if ('invalid' in read) return log('progress_invalid', { execution, reason: read.invalid });
  const approval = (await approvals.ofExecution(executionArn)).at(-1);
  if (!approval?.ts) return log('progress_ignored', { execution, approval: approval?.id });
  // Stored before it is shown, so that of many reports only the newest waits for a slot of the rate limit.
  if ((await progress.recordProgress(approval, read)) !== 'stored') return;
  await acquire(approval.progress?.ts ? messageUpdates : threadReplies(approval.channel));
  const lease = await progress.leaseProgress(approval, now());
  if (lease === 'done') return;
  if (lease === 'held') throw new ProgressInProgress(`The progress of ${execution} is being shown.`, 5);
  const leased = (await approvals.get(approval)) ?? approval;
  try {
    await show(leased, lease === 'taken_over', dependencies);
  } catch (error) {
    // If the lease was taken over, an earlier holder may have posted, so the next worker must search again.
    if (lease === 'acquired' && definitelyNotExecuted(error)) await progress.releaseProgress(approval);
    throw leased.progress?.ts ? limitedBy(messageUpdates, error) : error;
  }
}

/** Whether a worker may still show progress. A result is told after it, so that the result is the last reply. */
export function isShowingProgress(approval: Approval | undefined, now: Date): boolean {
  const since = approval?.progressLeasedAt;
  return since !== undefined && now.getTime() - Date.parse(since) < PROGRESS_LEASE_MS;
}

/** Posts the reply, or edits it if it was posted. */
async function show(
  approval: Approval,
  possiblyPosted: boolean,
  { progress: reports, slack, log }: ProgressDependencies,
): Promise<void> {
  const { id, channel, ts: threadTs = '', progress, askedAt } = approval;
  if (!progress) return;
  const web = await slack();
  const view = progressView(progress, approval);
  const search = () => findProgressReply(approval, web);
  const earlier = progress.ts ?? (possiblyPosted ? await search() : undefined);
  const to = { channel, thread_ts: threadTs, reply_broadcast: false };
  let ts = earlier ?? '';
  try {
    if (earlier) await web.chat.update({ channel, ts: earlier, ...view });
    else ts = await postOnce(to, { ...view, metadata: metadataOf(approval), since: askedAt }, false, web);
  } catch (error) {
    // A reply that somebody deleted is not posted again, and a thread that cannot be reached gets the result elsewhere.
    if (!isDeleted(error) && !isUnreachable(error)) throw error;
    log('progress_not_shown', { approval: id, ...failureFields(error) });
  }
  await reports.recordProgressShown(approval, ts, progress);
}

function metadataOf({ id }: Approval): MessageMetadata {
  return { event_type: 'countersign_progress', event_payload: { id } };
}

/** Searches the thread for the reply, if a worker may have posted it and did not store its `ts`. */
export async function findProgressReply(approval: Approval, slack: WebClient): Promise<string | undefined> {
  const { channel, ts: threadTs, askedAt } = approval;
  return findMessage(slack, { channel, threadTs, since: askedAt }, metadataOf(approval));
}

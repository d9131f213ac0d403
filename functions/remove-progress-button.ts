// Removes the button from the reply that shows progress, once the execution has a result: nothing that is over has a
// live button. relay-result calls it for each approval of the execution.
import type { Approval } from '../domain/approval.ts';
import { messageUpdates } from '../slack/rate-limits.ts';
import { failureFields, isUnreachable } from '../slack/slack-errors.ts';
import { progressView } from '../slack/views/progress-reply.ts';
import { limitedBy } from './acquire-slot.ts';
import type { Acquire } from './queue-handler.ts';
import {
  findProgressReply,
  isShowingProgress,
  type ProgressDependencies,
  ProgressInProgress,
} from './relay-progress.ts';

/**
 * Makes no call if the reply has no button. If the worker dies before this is stored, the next one edits the reply
 * again. @param approval as read after its result was stored, so that no worker begins to show another button
 */
export async function removeProgressButton(
  approval: Approval,
  acquire: Acquire,
  { progress: reports, slack, now, log }: Omit<ProgressDependencies, 'approvals'>,
): Promise<void> {
  const { id, channel, progress, progressLeasedAt } = approval;
  if (!progress?.mayHaveButton) return;
  if (isShowingProgress(approval, now()))
    throw new ProgressInProgress(`The progress of ${approval.execution} is being shown.`, 5);
  const web = await slack();
  try {
    // A lease that expired is of a worker that may have posted the reply.
    const found = progress.ts || !progressLeasedAt ? progress.ts : await findProgressReply(approval, web);
    if (found) {
      await acquire(messageUpdates);
      await web.chat.update({
        channel,
        ts: found,
        ...progressView({ ...progress, button: undefined }, approval),
      });
    }
  } catch (error) {
    // The reply was deleted, or nobody can change it any more.
    if (!isUnreachable(error)) throw limitedBy(messageUpdates, error);
    log('progress_not_shown', { approval: id, ...failureFields(error) });
  }
  await reports.recordButtonRemoved(approval);
}

// When somebody has to look at an approval again: computed from the record alone, so that whoever writes one knows it, and
// the watch asks for what is due and for nothing else. What the watch then does is computed once more, from the time.
import type { Approval } from './approval.ts';
import { nextStepAt } from './escalation.ts';

/** How long whoever decided, or ended it, may still be busy with it, in milliseconds. */
export const GRACE_PERIOD_MS = 60_000;

/** Longer than a thousand results wait for their turn, in milliseconds; each try to tell one counts anew. */
export const RENOTIFY_AFTER_MS = 60 * 60_000;

/** How long a look at the members may be used again, in milliseconds: as long as the time between two refreshes. */
export const APPROVERS_REFRESH_MS = 5 * 60_000;

/** Earlier than any time: at the next occasion. */
export const IMMEDIATELY = new Date(0).toISOString();

/** ISO 8601. */
export function nextCheckAt(approval: Approval): string {
  const { status, decision, cancellation, sentAt, result, settledAt, reopened, deadline } = approval;
  if (result) return reopened ? IMMEDIATELY : after(settledAt ?? deadline, RENOTIFY_AFTER_MS);
  if (!approval.ts || approval.shownRevision !== approval.revision) return IMMEDIATELY;
  const completion = after(deadline, GRACE_PERIOD_MS);
  const duties = [completion];
  if (cancellation) duties.push(after(cancellation.at, GRACE_PERIOD_MS));
  if (decision && !sentAt) duties.push(after(decision.at, GRACE_PERIOD_MS));
  if (status === 'pending') {
    duties.push(
      after(approval.approversResolvedAt, APPROVERS_REFRESH_MS),
      nextStepAt(approval) ?? completion,
    );
  }
  return duties.toSorted()[0] ?? completion;
}

function after(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}

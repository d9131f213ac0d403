// When the reconciler must check an approval again. It is computed from the record alone, so each write of an approval
// can store it, and the reconciler reads only the approvals that are due.
import type { Approval } from './approval.ts';
import { nextStepAt } from './escalation.ts';

/** The reconciler waits this long before it acts, because the function that wrote the record may still run. */
export const GRACE_PERIOD_MS = 60_000;

/**
 * If people were not notified of a result for this long, the reconciler publishes the result again, and then waits this
 * long once more. One hour, because the rate limit delays the last of a thousand results by almost as long.
 */
export const RENOTIFY_AFTER_MS = 60 * 60_000;

/** How long resolved approvers are used before they are resolved again. */
export const APPROVERS_REFRESH_MS = 5 * 60_000;

/** A time in the past: the next run of the reconciler checks the approval. */
export const IMMEDIATELY = new Date(0).toISOString();

/** The earliest time at which the reconciler may have to act, ISO 8601. */
export function nextCheckAt(approval: Approval): string {
  const { status, decision, cancellation, sentAt, result, settledAt, reopened, deadline } = approval;
  if (result) return reopened ? IMMEDIATELY : after(settledAt ?? deadline, RENOTIFY_AFTER_MS);
  if (!approval.ts || approval.shownRevision !== approval.revision) return IMMEDIATELY;
  const completion = after(deadline, GRACE_PERIOD_MS);
  const times = [completion];
  if (cancellation) times.push(after(cancellation.at, GRACE_PERIOD_MS));
  if (decision && !sentAt) times.push(after(decision.at, GRACE_PERIOD_MS));
  if (status === 'pending') {
    times.push(after(approval.approversResolvedAt, APPROVERS_REFRESH_MS), nextStepAt(approval) ?? completion);
  }
  return times.toSorted()[0] ?? completion;
}

function after(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}

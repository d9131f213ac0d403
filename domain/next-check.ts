// Computes when the reconciler must check an approval again. The time is stored with the approval, so that the
// reconciler reads only approvals that are due.
import { unnotifiedAmendments } from './amendment.ts';
import type { Approval } from './approval.ts';
import { nextStepAt } from './escalation.ts';

/** The reconciler waits this long before it completes work, because the function that began the work may still run. */
export const GRACE_PERIOD_MS = 60_000;

/**
 * If people were not notified of a result for this long, the reconciler publishes the result again. One hour, because
 * the rate limit may delay the last of a thousand results by about 40 minutes.
 */
export const RENOTIFY_AFTER_MS = 60 * 60_000;

/** How long resolved approvers are used before they are resolved again. */
export const APPROVERS_REFRESH_MS = 5 * 60_000;

/** A time in the past, so that the next run of the reconciler checks the approval. */
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
    if (approval.delegatesToMention || unnotifiedAmendments(approval).length > 0) return IMMEDIATELY;
    times.push(after(approval.approversResolvedAt, APPROVERS_REFRESH_MS), nextStepAt(approval) ?? completion);
  }
  // Stryker disable next-line EqualityOperator: of two equal times either is right
  return times.reduce((first, time) => (time < first ? time : first));
}

function after(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}

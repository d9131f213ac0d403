// When somebody has to look at an approval again: computed from the record alone, so that whoever writes one knows it, and
// the watch asks for what is due and for nothing else. What the watch then does is computed once more, from the time.
import type { Approval } from './approval.ts';
import { nextStepAt } from './escalation.ts';

/** How long whoever decided, or ended it, may still be busy with it, in milliseconds. */
export const PATIENCE = 60_000;

/** Longer than a thousand results wait for their turn, in milliseconds; each try to tell one counts anew. */
export const TELLING_TAKES = 60 * 60_000;

/** How long a look at the members may be used again, in milliseconds: as long as the time between two refreshes. */
export const APPROVERS_REFRESH_MS = 5 * 60_000;

/** Earlier than any time: at the next occasion. */
export const AT_ONCE = new Date(0).toISOString();

/** ISO 8601. */
export function dueAt(approval: Approval): string {
  const { status, decision, cancellation, sentAt, result, settledAt, reopened, deadline } = approval;
  if (result) return reopened ? AT_ONCE : after(settledAt ?? deadline, TELLING_TAKES);
  if (!approval.ts || approval.shownRevision !== approval.revision) return AT_ONCE;
  const ending = after(deadline, PATIENCE);
  const duties = [ending];
  if (cancellation) duties.push(after(cancellation.at, PATIENCE));
  if (decision && !sentAt) duties.push(after(decision.at, PATIENCE));
  if (status === 'pending') {
    duties.push(after(approval.approversResolvedAt, APPROVERS_REFRESH_MS), nextStepAt(approval) ?? ending);
  }
  return duties.toSorted()[0] ?? ending;
}

function after(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}

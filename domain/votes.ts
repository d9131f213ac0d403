// Who may do what to an approval, and why not: the same rules that the table's conditions hold at the moment of writing.
// The bot explains a refusal with them, the message says who may still approve, the state that acts checks again.
import { type Approval, DECISION_MARGIN } from './approval.ts';

/** What a person wants when they press. */
export type VoteAction = 'approve' | 'decline' | 'undo' | 'cancel';

/**
 * Why it was not done. `own`: nobody approves their own request. `counted`: this person's approval counts already.
 * `stranger`: the policy does not name them. `stale`: for too long it could not be checked who belongs to the
 * approvers. `not counted`: there is nothing to take back. `busy`: others were faster, again and again.
 */
export type Refusal =
  | 'unknown'
  | 'decided'
  | 'past_deadline'
  | 'closed'
  | 'own_request'
  | 'already_voted'
  | 'not_an_approver'
  | 'stale_membership'
  | 'no_vote'
  | 'conflict';

/** An approval is refused where it was last seen so long ago who the approvers are, in milliseconds. */
export const APPROVERS_MAX_AGE_MS = 15 * 60_000;

/** The earliest deadline, ISO 8601, that a decision made now still meets. */
export function earliestDeadline(now: Date): string {
  return new Date(now.getTime() + DECISION_MARGIN).toISOString();
}

/** The oldest look at the members, ISO 8601, that an approval given now may rest on. */
export function oldestResolution(now: Date): string {
  return new Date(now.getTime() - APPROVERS_MAX_AGE_MS).toISOString();
}

/** Why this person's wish was not done. Undefined: nothing stands against it, as the record is now. */
export function refusalOf(
  approval: Approval | undefined,
  action: VoteAction,
  by: string,
  now: Date,
): Refusal | undefined {
  if (!approval) return 'unknown';
  if (approval.decision) return 'decided';
  if (approval.status !== 'pending') return 'closed';
  if (approval.deadline <= earliestDeadline(now)) return 'past_deadline';
  if (action === 'undo') return by in approval.votes ? undefined : 'no_vote';
  if (action === 'decline' || action === 'cancel')
    return mayDecline(approval, by) ? undefined : 'not_an_approver';
  if (by === approval.request.requester) return 'own_request';
  if (!approval.effectiveApprovers.includes(by)) return 'not_an_approver';
  if (by in approval.votes) return 'already_voted';
  return approval.approversResolvedAt <= oldestResolution(now) ? 'stale_membership' : undefined;
}

/** Who may approve may decline, or have the execution stopped; and so may who asked. */
function mayDecline({ effectiveApprovers, request }: Approval, by: string): boolean {
  return effectiveApprovers.includes(by) || by === request.requester;
}

/** Those who may approve and have not: Slack user ids. */
export function mayStillApprove({ effectiveApprovers, votes, request }: Approval): readonly string[] {
  return effectiveApprovers.filter((id) => !(id in votes) && id !== request.requester);
}

/** Whether there are too few people to ever approve it: a group was emptied, or only the requester is left. */
export function nobodyCanApprove(approval: Approval): boolean {
  return mayStillApprove(approval).length < approval.outstanding;
}

/** How many different people the policy still wants, once these have approved. */
export function outstandingAfter(
  { policy, request, effectiveApprovers }: Omit<Approval, 'outstanding'>,
  votes: Approval['votes'],
): number {
  const counted = Object.keys(votes).filter(
    (id) => effectiveApprovers.includes(id) && id !== request.requester,
  );
  return policy.approvals - counted.length;
}

/** Whether people approved it as its policy wants: what acts on an approval asks once more. */
export function isApproved(approval: Approval): boolean {
  const decided = approval.decision?.outcome === 'approved' && approval.status === 'approved';
  return decided && outstandingAfter(approval, approval.votes) <= 0;
}

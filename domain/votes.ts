// The rules for actions on an approval. The conditional writes in `aws/votes.ts` check the same rules. The bot calls
// {@link refusalOf} to explain a refusal, and a state that carries out the approved action calls {@link isApproved}.
import { type Approval, DECISION_MARGIN_MS } from './approval.ts';

export type VoteAction = 'approve' | 'decline' | 'undo' | 'cancel';

/**
 * Why an action was refused. `unknown`: there is no such approval. `past_deadline`: the deadline has passed or is too
 * close. `closed`: the wait ended without a decision. `stale_membership`: the approvers were resolved too long ago.
 * `terms_changed`: the press is on a message that shows earlier terms.
 * `no_vote`: this person has no vote to undo. `replayed`: this request, or a later press of this person, was handled
 * before. `conflict`: each try failed, because the approval changed meanwhile.
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
  | 'terms_changed'
  | 'no_vote'
  | 'replayed'
  | 'conflict';

/** The Slack request of an action. A copy of a signed request must not act twice. */
export interface ActionRequest {
  /** Digest of the request's `trigger_id`, which is different for each press and each submission. */
  readonly trigger: string;
  /** The `action_ts` of a press. Undefined for the submission of a modal. */
  readonly actionTs?: string | undefined;
  /**
   * Digest of the terms that the person saw, from the button that they pressed. Only compared with the stored digest.
   * Undefined if the request has no terms, if an earlier version of this app posted the message, and for actions that
   * decide nothing.
   */
  readonly termsDigest?: string | undefined;
}

/** The request of a press of a button. */
export type Press = ActionRequest & { readonly actionTs: string };

/** Votes are refused if the approvers were last resolved longer ago than this. */
export const APPROVERS_MAX_AGE_MS = 15 * 60_000;

/** A decision made now is accepted if the deadline is later than this time, ISO 8601. */
export function earliestDeadline(now: Date): string {
  return new Date(now.getTime() + DECISION_MARGIN_MS).toISOString();
}

/** A vote cast now is accepted if the approvers were resolved later than this time, ISO 8601. */
export function oldestResolution(now: Date): string {
  return new Date(now.getTime() - APPROVERS_MAX_AGE_MS).toISOString();
}

/** Why the action of this person is refused. Undefined if the action is allowed. */
export function refusalOf(
  approval: Approval | undefined,
  action: VoteAction,
  by: string,
  now: Date,
  request?: ActionRequest,
): Refusal | undefined {
  if (!approval) return 'unknown';
  if (approval.decision) return 'decided';
  if (approval.status !== 'pending') return 'closed';
  if (approval.deadline <= earliestDeadline(now)) return 'past_deadline';
  if (request && isReplayed(approval, by, request)) return 'replayed';
  if (action === 'undo') return by in approval.votes ? undefined : 'no_vote';
  if (action === 'cancel') return mayDecline(approval, by) ? undefined : 'not_an_approver';
  if (action === 'decline' && !mayDecline(approval, by)) return 'not_an_approver';
  if (action === 'approve' && !mayStillApprove(approval).includes(by)) return whyNotApprove(approval, by);
  if (request && showsOtherTerms(approval, request)) return 'terms_changed';
  if (action === 'decline') return undefined;
  return approval.approversResolvedAt <= oldestResolution(now) ? 'stale_membership' : undefined;
}

function whyNotApprove({ requesters, effectiveApprovers }: Approval, by: string): Refusal {
  if (requesters.includes(by)) return 'own_request';
  return effectiveApprovers.includes(by) ? 'already_voted' : 'not_an_approver';
}

function isReplayed(
  { triggers, pressedAt }: Approval,
  by: string,
  { trigger, actionTs }: ActionRequest,
): boolean {
  // Stryker disable next-line ConditionalExpression: nothing is later than undefined
  return triggers?.has(trigger) === true || (actionTs !== undefined && (pressedAt[by] ?? '') >= actionTs);
}

/** Buttons that an earlier version of this app posted have no digest. They count while the terms are the first ones. */
function showsOtherTerms({ terms, amendments }: Approval, { termsDigest }: ActionRequest): boolean {
  return termsDigest === undefined ? amendments !== undefined : termsDigest !== terms?.digest;
}

/** Approvers and the requester may decline or cancel. */
export function mayDecline({ effectiveApprovers, requester }: Approval, by: string): boolean {
  return effectiveApprovers.includes(by) || by === requester;
}

/**
 * Slack user ids of the people who may approve and have not approved. Every text that says who may approve, and
 * {@link refusalOf}, use this function.
 */
export function mayStillApprove({ effectiveApprovers, votes, requesters }: Approval): readonly string[] {
  return effectiveApprovers.filter((id) => !(id in votes) && !requesters.includes(id));
}

/**
 * Whether too few people are left who may approve, for example because a user group is empty or contains only the
 * requester.
 */
export function nobodyCanApprove(approval: Approval): boolean {
  return mayStillApprove(approval).length < approval.outstanding;
}

/** Whether anybody may decline: an approver, or the requester. */
export function canBeDeclined({ effectiveApprovers, requester }: Approval): boolean {
  return effectiveApprovers.length > 0 || requester !== undefined;
}

/** Number of different people who must still approve, given these votes. */
export function outstandingAfter(
  { policy, requesters, effectiveApprovers }: Omit<Approval, 'outstanding'>,
  votes: Approval['votes'],
): number {
  const counted = Object.keys(votes).filter(
    (id) => effectiveApprovers.includes(id) && !requesters.includes(id),
  );
  return policy.approvals - counted.length;
}

/**
 * Whether the approval is older than the time that people had to decide. Then what they saw may no longer hold, for
 * example after a redrive days later.
 */
export function isOutdated({ askedAt, deadline, decision }: Approval, now: Date): boolean {
  const timeToDecide = Date.parse(deadline) - Date.parse(askedAt);
  return !decision || now.getTime() - Date.parse(decision.at) > timeToDecide;
}

/** Whether the request is approved, by as many people as its policy requires. */
export function isApproved(approval: Approval): boolean {
  const decided = approval.decision?.outcome === 'approved' && approval.status === 'approved';
  return decided && outstandingAfter(approval, approval.votes) <= 0;
}

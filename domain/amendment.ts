// The rules for changing a pending request. An amendment never makes a request easier to approve. `aws/amendments.ts`
// writes amendments, and the audit reads with `shownAt` what people saw at a time.
import type { Amendment, Approval } from './approval.ts';
import { type Policy, requirementOf } from './policy.ts';
import type { Request } from './request.ts';
import type { Terms } from './terms.ts';
import { earliestDeadline } from './votes.ts';

/** The request that replaces the pending one, and its terms. */
export interface Amended {
  readonly request: Request;
  readonly terms: Terms;
  /** Slack user id of the person who changes the request. Absent if the workflow does. */
  readonly by?: string | undefined;
}

/**
 * Why a request is not changed. `already`: the request has these terms. `terms_changed`: its terms are not the expected
 * ones, or it had the new terms before. `above_limit`: the people who were asked, and those of a higher tier, may not
 * approve this amount. `too_many`: the request was changed {@link MAX_AMENDMENTS} times. The others as for a vote.
 */
export type AmendmentRefusal =
  | 'unknown'
  | 'already'
  | 'decided'
  | 'closed'
  | 'past_deadline'
  | 'terms_changed'
  | 'above_limit'
  | 'too_many';

/** Each version stays in the item, which has at most 400 KB. A version has at most 20 KB. */
export const MAX_AMENDMENTS = 10;

/** @param expectedDigest of the terms that the new ones replace */
export function amendmentRefusal(
  approval: Approval | undefined,
  expectedDigest: string,
  { request, terms }: Amended,
  now: Date,
): AmendmentRefusal | undefined {
  if (!approval) return 'unknown';
  if (approval.terms?.digest === terms.digest) return 'already';
  if (approval.decision) return 'decided';
  if (approval.status !== 'pending') return 'closed';
  if (approval.deadline <= earliestDeadline(now)) return 'past_deadline';
  // Amendments may arrive twice and in any sequence, so one that restores earlier terms may be an old one.
  if (approval.terms?.digest !== expectedDigest || hadTerms(approval, terms.digest)) return 'terms_changed';
  if (!amendedPolicy(approval, request)) return 'above_limit';
  return (approval.amendments?.length ?? 0) >= MAX_AMENDMENTS ? 'too_many' : undefined;
}

/** Whether the request had these terms before it was changed. */
export function hadTerms({ amendments = [] }: Approval, digest: string): boolean {
  return amendments.some(({ before }) => before.termsDigest === digest);
}

/** Returns the approval after the amendment. @param at ISO 8601 */
export function amend(approval: Approval, { request, terms, by }: Amended, at: string): Approval {
  const { requesters, noteBy, policy: before, confirm, approversResolvedAt } = approval;
  const policy = amendedPolicy(approval, request) ?? before;
  const hasOtherApprovers = String(policy.approvers) !== String(before.approvers);
  const claimed = request.requester;
  return {
    ...approval,
    request,
    terms,
    policy,
    votes: {},
    outstanding: policy.approvals,
    requesters: claimed && !requesters.includes(claimed) ? [...requesters, claimed] : requesters,
    // A text of the workflow is not shown as a person's note.
    noteBy: request.note === approval.request.note ? noteBy : undefined,
    confirm: confirm || (request.amount ?? 0) >= (policy.rules?.confirmFromUsd ?? Infinity),
    // Nobody can vote until the new approvers are resolved.
    approversResolvedAt: hasOtherApprovers ? new Date(0).toISOString() : approversResolvedAt,
    amendments: [...(approval.amendments ?? []), amendmentOf(approval, at, by)],
    history: [...approval.history, { action: 'amended', at, ...(by ? { by } : {}) }],
    revision: approval.revision + 1,
  };
}

function amendmentOf({ request, policy, terms, votes }: Approval, at: string, by?: string): Amendment {
  const { approvals, approvers } = policy;
  return {
    at,
    ...(by ? { by } : {}),
    voters: Object.keys(votes),
    before: { request, policy: { approvals, approvers }, termsDigest: terms?.digest },
  };
}

/**
 * The policy of the changed request: never fewer approvals, and other approvers only if it needs more of them. Undefined
 * if nobody may approve the amount, or if the tier of a larger amount has other approvers and needs no more of them.
 */
function amendedPolicy({ policy, request: before }: Approval, after: Request): Policy | undefined {
  const { rules } = policy;
  const isSmaller = (after.amount ?? Infinity) <= (before.amount ?? Infinity);
  if (!rules) {
    // An earlier version of this app stored no rules, so the tier of a larger amount is not known.
    const isKnown = before.amount !== undefined || after.amount === undefined;
    return isSmaller && isKnown ? policy : undefined;
  }
  const own = requirementOf(after.amount, rules, rules.startedOutsideSlack);
  if (!own) return undefined;
  if (own.approvals > policy.approvals) return { ...policy, ...own };
  const tierBefore = requirementOf(before.amount, rules, rules.startedOutsideSlack);
  const hasSameApprovers = [policy, tierBefore].some(
    (each) => String(each?.approvers) === String(own.approvers),
  );
  return isSmaller || hasSameApprovers ? policy : undefined;
}

/** The amendments whose voters must still be told that their approvals do not count. */
export function unnotifiedAmendments({
  amendments = [],
  amendmentsNotified = 0,
  status,
}: Approval): readonly Amendment[] {
  return status === 'pending'
    ? amendments.slice(amendmentsNotified).filter(({ voters }) => voters.length > 0)
    : [];
}

/**
 * The approval with the request and the policy that people saw before its amendments.
 * @param amendments number of amendments that had been made then
 */
export function shownAfter(approval: Approval, amendments: number): Approval {
  return { ...approval, ...approval.amendments?.[amendments]?.before };
}

/** The approval with the request and the policy that people saw at this time, ISO 8601. */
export function shownAt(approval: Approval, time: string): Approval {
  const { amendments = [] } = approval;
  return shownAfter(approval, amendments.filter(({ at }) => at <= time).length);
}

// Checks who decided an approval, and whether it expired although it was decided or because nobody could decide.
// `invariants.ts` calls it.
import type { Approval } from '../domain/approval.ts';
import { couldBeAsked, type World } from './conditions.ts';
import { type Violation, when } from './violation.ts';

/** An approved request must have enough votes, each person's vote must count once, and the requester must not vote. */
export function checkPolicy({
  execution,
  decision,
  votes,
  policy,
  requesters,
  history,
}: Approval): readonly Violation[] {
  const approved = history.filter(({ action }) => action === 'approved');
  const counted = Object.keys(votes).length;
  const ended = history.filter(({ action }) => action === 'undid_approval' || action === 'approval_lapsed');
  const isCountedTwice = approved.length - ended.length > counted;
  return [
    ...when(
      decision?.outcome === 'approved' && counted < policy.approvals,
      'untrue',
      `${execution}: ${counted} of ${policy.approvals} approved`,
    ),
    ...when(
      requesters.some((id) => id in votes),
      'untrue',
      `${execution}: the requester approved`,
    ),
    ...when(isCountedTwice, 'doubled', `${execution}: an approval was counted twice`),
  ];
}

/** An injected fault delays an action by less than this. */
const MAX_FAULT_DELAY_MS = 5 * 60_000;

/** Shortly before its deadline, an expired approval must have a message and no decision. */
export function checkExpiry(approval: Approval, { conditions }: World): readonly Violation[] {
  const { execution, result, ts, decision, cancellation, deadline } = approval;
  if (result?.outcome !== 'expired') return [];
  const latest = Date.parse(deadline) - MAX_FAULT_DELAY_MS;
  const { at, by } = decision ?? cancellation ?? {};
  return [
    ...when(
      Number(ts) * 1_000 > latest && couldBeAsked(approval, conditions),
      'lost',
      `${execution}: it expired, and the request was posted too late`,
    ),
    ...when(
      at !== undefined && Date.parse(at) - conditions.skewMs < latest,
      'lost',
      `${execution}: it expired, although ${by} had decided`,
    ),
  ];
}

/** The time for which the bot uses the list of approvers, and some time until the reconciler has run. */
const MAX_MEMBERSHIP_AGE_MS = 7 * 60_000;

/** While the bot refuses all requests, nobody acts. The vote of a person who was deactivated long before does not count. */
export function checkActors(
  { execution, askedAt, history, decision, votes }: Approval,
  { conditions }: World,
): readonly Violation[] {
  const { refusesRequestsSince, deactivated, skewMs } = conditions;
  // The bot dates an action by its own clock: if that is ahead, after the beginning, and if it is behind, before the
  // request.
  const isByWrongClock = (at: string) =>
    skewMs > 0 ? Date.parse(at) > (refusesRequestsSince ?? Infinity) : at < askedAt;
  const heard = history.filter(
    // A workflow that amends its request sends no request of Slack.
    ({ action, by, at }) =>
      refusesRequestsSince !== undefined && action !== 'approval_lapsed' && by && isByWrongClock(at),
  );
  const isStale =
    deactivated !== undefined &&
    decision?.outcome === 'approved' &&
    deactivated.person in votes &&
    Date.parse(decision.at) > deactivated.at + MAX_MEMBERSHIP_AGE_MS;
  return [
    ...when(
      heard.length > 0,
      'untrue',
      `${execution}: somebody acted, although Slack's requests are refused`,
    ),
    ...when(isStale, 'untrue', `${execution}: the vote of a deactivated person counted`),
  ];
}

// Replaces approvers who are out of office by their delegates. request-approval and the reconciler call it with the
// resolved approvers. A delegate cannot weaken the policy: nobody gets a second vote, and the requester neither is nor
// has a delegate.
import type { Approval } from './approval.ts';
import { localDay } from './local-day.ts';

/** The settings of one person. */
export interface Preferences {
  /** Whether the person also gets the results of their requests by direct message. */
  readonly directMessages: boolean;
  /** The last day on which the person is out, such as `2026-11-30`. Undefined if none is set. */
  readonly outUntil?: string | undefined;
  /** The time zone of that day, such as `Australia/Sydney`. Undefined means UTC. */
  readonly timeZone?: string | undefined;
  /** Slack user id of the person who approves instead while this person is out. Undefined if nobody does. */
  readonly delegate?: string | undefined;
}

export interface OutOfOffice {
  /** Slack user id. */
  readonly person: string;
  readonly delegate?: string | undefined;
  /** The last day on which the person is out, such as `2026-11-30`. */
  readonly outUntil?: string | undefined;
  /** The time zone of that day, such as `Australia/Sydney`. Undefined means UTC. */
  readonly timeZone?: string | undefined;
}

/**
 * The people who may approve, for each delegate the approver whom they replace, and the approvers who are out. All are
 * Slack user ids.
 */
export interface EffectiveApprovers {
  readonly effectiveApprovers: readonly string[];
  readonly delegateFor: Readonly<Record<string, string>>;
  readonly away: readonly string[];
}

export function isOut({ outUntil, timeZone }: Preferences, now: Date): boolean {
  return localDay(now, timeZone) <= (outUntil ?? '');
}

type Delegations = Pick<Approval, 'votes' | 'delegateFor'>;

/** Slack user ids of the people who could act as delegates for these approvers, and so must be checked first. */
export function delegatesToCheck(
  named: readonly string[],
  outOfOffice: readonly OutOfOffice[],
  approval: Delegations,
): readonly string[] {
  const chosen = outOfOffice.flatMap(({ person, delegate }) =>
    delegate !== undefined && named.includes(person) ? [delegate] : [],
  );
  const voted = votedDelegations(named, approval).map(([delegate]) => delegate);
  return [...new Set([...chosen, ...voted])];
}

/** The delegates who voted, each with the approver for whom they voted. */
function votedDelegations(
  named: readonly string[],
  { votes, delegateFor }: Delegations,
): readonly (readonly [string, string])[] {
  return Object.entries(delegateFor).filter(
    // A delegate who has become an approver counts for themselves.
    ([delegate, person]) => delegate in votes && named.includes(person) && !named.includes(delegate),
  );
}

/**
 * Approvers who have voted are not replaced. A delegate who has voted still replaces the same approver, even if that
 * approver is back.
 * @param named Slack user ids of the resolved approvers
 * @param allowed Slack user ids of the delegates who were checked and may act as delegates
 */
export function applyDelegations(
  named: readonly string[],
  outOfOffice: readonly OutOfOffice[],
  approval: Delegations & Pick<Approval, 'requesters'>,
  allowed: readonly string[],
): EffectiveApprovers {
  const { votes, requesters } = approval;
  const absent = new Map(outOfOffice.map((each) => [each.person, each]));
  const votedDelegates = votedDelegations(named, approval).filter(([delegate]) => allowed.includes(delegate));
  const replaced = new Set(votedDelegates.map(([, person]) => person));
  const isPresent = (id: string) => !replaced.has(id) && (id in votes || !absent.has(id));
  const effectiveApprovers = [...named.filter(isPresent), ...votedDelegates.map(([delegate]) => delegate)];
  const delegateFor = Object.fromEntries(votedDelegates);
  for (const person of named.filter((id) => !isPresent(id) && !replaced.has(id))) {
    // Stryker disable next-line OptionalChaining: a person who is not present is in the map
    const delegate = absent.get(person)?.delegate;
    const mayStandIn =
      // Stryker disable next-line ConditionalExpression: `allowed` never contains undefined
      delegate !== undefined &&
      allowed.includes(delegate) &&
      !absent.has(delegate) &&
      !named.includes(delegate) &&
      !effectiveApprovers.includes(delegate) &&
      !requesters.includes(delegate) &&
      !requesters.includes(person);
    if (!mayStandIn) continue;
    effectiveApprovers.push(delegate);
    delegateFor[delegate] = person;
  }
  return { effectiveApprovers, delegateFor, away: named.filter((id) => !isPresent(id)) };
}

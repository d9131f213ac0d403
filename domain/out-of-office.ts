// Replaces approvers who are out of office by their delegates. request-approval and the reconciler call it with the
// resolved approvers. A delegate cannot weaken the policy: nobody gets a second vote, and the requester neither is nor
// has a delegate.
import type { Approval } from './approval.ts';

/** The settings of one person. */
export interface Preferences {
  /** Whether the person also gets the results of their requests by direct message. */
  readonly directMessages: boolean;
  /** The last day on which the person is out, such as `2026-11-30` (UTC). Undefined if none is set. */
  readonly outUntil?: string | undefined;
  /** Slack user id of the person who approves instead while this person is out. Undefined if nobody does. */
  readonly delegate?: string | undefined;
}

export interface OutOfOffice {
  /** Slack user id. */
  readonly person: string;
  readonly delegate?: string | undefined;
}

/** The people who may approve, and for each delegate the approver whom they replace. All are Slack user ids. */
export interface EffectiveApprovers {
  readonly effectiveApprovers: readonly string[];
  readonly delegateFor: Readonly<Record<string, string>>;
}

export function isOut({ outUntil }: Preferences, now: Date): boolean {
  return outUntil !== undefined && now.toISOString().slice(0, 10) <= outUntil;
}

/**
 * Approvers who have voted are not replaced. A delegate who has voted still replaces the same approver, even if that
 * approver is back.
 * @param named Slack user ids of the resolved approvers
 */
export function applyDelegations(
  named: readonly string[],
  outOfOffice: readonly OutOfOffice[],
  { votes, request, delegateFor: previous }: Pick<Approval, 'votes' | 'request' | 'delegateFor'>,
): EffectiveApprovers {
  const absent = new Map(outOfOffice.map((each) => [each.person, each]));
  const votedDelegates = Object.entries(previous).filter(
    ([delegate, person]) => delegate in votes && named.includes(person),
  );
  const replaced = new Set(votedDelegates.map(([, person]) => person));
  const isPresent = (id: string) =>
    (id in votes && !replaced.has(id)) || (!absent.has(id) && !replaced.has(id));
  const effectiveApprovers = [...named.filter(isPresent), ...votedDelegates.map(([delegate]) => delegate)];
  const delegateFor = Object.fromEntries(votedDelegates);
  for (const person of named.filter((id) => !isPresent(id) && !replaced.has(id))) {
    const delegate = absent.get(person)?.delegate;
    const mayStandIn =
      delegate !== undefined &&
      !absent.has(delegate) &&
      !named.includes(delegate) &&
      !effectiveApprovers.includes(delegate) &&
      delegate !== request.requester &&
      person !== request.requester;
    if (!mayStandIn) continue;
    effectiveApprovers.push(delegate);
    delegateFor[delegate] = person;
  }
  return { effectiveApprovers, delegateFor };
}

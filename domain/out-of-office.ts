// Replaces approvers who are out of office by their delegates. request-approval and the reconciler apply it to the
// resolved approvers. A delegate cannot weaken the policy: a delegate replaces an approver, does not get a second vote
// if they may approve already, is never the requester, and never acts for the requester.
import type { Approval } from './approval.ts';

/** The settings of one person. */
export interface Preferences {
  /** Whether the person gets the results of their requests by direct message too. */
  readonly directMessages: boolean;
  /** The last day on which the person is out, such as `2026-11-30` (UTC). */
  readonly outUntil?: string | undefined;
  /** Slack user id of the person who approves in their place until then. */
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

/** People who have voted stay approvers, and delegates who have voted still act for the same person. */
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

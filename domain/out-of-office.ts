// Who is out, and who stands in for them: what becomes of the members of an approval then. Nobody can delegate around the
// policy: a stand-in takes the place of one who may approve, is no second voice of one who may already, and is never the
// requester, nor in the requester's place.
import type { Approval } from './approval.ts';

/** What people set for themselves. */
export interface Preferences {
  /** Whether results of what they asked for come as direct messages too. */
  readonly directMessages: boolean;
  /** The last day they are out, such as `2026-11-30` (UTC). */
  readonly outUntil?: string | undefined;
  /** Slack user id of who approves in their place meanwhile. */
  readonly delegate?: string | undefined;
}

export interface OutOfOffice {
  /** Slack user id. */
  readonly person: string;
  readonly delegate?: string | undefined;
}

/** Slack user ids: those who may approve, and whose place they take. */
export interface EffectiveApprovers {
  readonly effectiveApprovers: readonly string[];
  readonly delegateFor: Readonly<Record<string, string>>;
}

export function isOut({ outUntil }: Preferences, now: Date): boolean {
  return outUntil !== undefined && now.toISOString().slice(0, 10) <= outUntil;
}

/** Who voted already stays, in the place they had then. */
export function applyDelegations(
  named: readonly string[],
  outOfOffice: readonly OutOfOffice[],
  { votes, request, delegateFor: before }: Pick<Approval, 'votes' | 'request' | 'delegateFor'>,
): EffectiveApprovers {
  const absent = new Map(outOfOffice.map((away) => [away.person, away]));
  const stood = Object.entries(before).filter(
    ([delegate, person]) => delegate in votes && named.includes(person),
  );
  const replaced = new Set(stood.map(([, person]) => person));
  const isHere = (id: string) => (id in votes && !replaced.has(id)) || (!absent.has(id) && !replaced.has(id));
  const effectiveApprovers = [...named.filter(isHere), ...stood.map(([delegate]) => delegate)];
  const delegateFor = Object.fromEntries(stood);
  for (const person of named.filter((id) => !isHere(id) && !replaced.has(id))) {
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

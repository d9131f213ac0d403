// Determines who may approve one approval now: the resolved approvers, with people who are out of office replaced by
// their delegates. Delegates are checked in Slack exactly as approvers are. request-approval calls it for a new
// approval, and the reconciler for a pending one.
import type { Approval } from '../domain/approval.ts';
import {
  applyDelegations,
  delegatesToCheck,
  type EffectiveApprovers,
  type OutOfOffice,
} from '../domain/out-of-office.ts';
import { localDay } from '../domain/local-day.ts';
import { isTooLong, type PeopleRules } from '../domain/people-rules.ts';
import type { Resolve } from '../slack/fetch-approvers.ts';
import { resolveDelegates } from '../slack/resolve-delegates.ts';

export interface EffectiveDependencies {
  readonly resolve: Resolve;
  readonly outOfOffice: () => Promise<readonly OutOfOffice[]>;
  readonly peopleRules: PeopleRules;
  readonly now: () => Date;
}

/** `resolvedAt` is the time of the oldest check that the answer rests on, ISO 8601. @param approvers user and group ids */
export async function resolveEffectiveApprovers(
  approval: Approval,
  approvers: readonly string[],
  { resolve, outOfOffice, peopleRules, now }: EffectiveDependencies,
): Promise<{ readonly effective: EffectiveApprovers; readonly resolvedAt: string }> {
  const named = await resolve(approvers);
  const away = (await outOfOffice()).map((each) =>
    each.outUntil && isTooLong(each.outUntil, peopleRules, localDay(now(), each.timeZone))
      ? { person: each.person }
      : each,
  );
  const candidates = delegatesToCheck(named.userIds, away, approval);
  if (candidates.length === 0) {
    return { effective: applyDelegations(named.userIds, away, approval, []), resolvedAt: named.resolvedAt };
  }
  const { delegates: allowed = peopleRules.delegates } = approval.policy;
  const delegates = await resolveDelegates(candidates, allowed, resolve);
  return {
    effective: applyDelegations(named.userIds, away, approval, delegates.userIds),
    resolvedAt: named.resolvedAt < delegates.resolvedAt ? named.resolvedAt : delegates.resolvedAt,
  };
}

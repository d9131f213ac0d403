// Resolves approvers in Slack, and caches the result in the approvals table, so that a burst of requests or commands
// does not ask Slack once for each. The functions that request and refresh approvals call it, and the bot calls it for
// delegates and for the audit.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import type { ResolvedApprovers, ResolvedApproversTable } from '../aws/resolved-approvers-table.ts';
import { APPROVERS_REFRESH_MS } from '../domain/next-check.ts';
import type { PeopleRules } from '../domain/people-rules.ts';
import { resolveApprovers } from './resolve-approvers.ts';

export interface FetchApproversDependencies {
  readonly resolvedApprovers: ResolvedApproversTable;
  readonly peopleRules: PeopleRules;
  readonly slack: () => Promise<WebClient>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Resolves ids of users and user groups to people who may take part. */
export type Resolve = (ids: readonly string[]) => Promise<ResolvedApprovers>;

/** Whether approvers that were resolved at this time may still be used. @param resolvedAt ISO 8601 */
export function isFresh(resolvedAt: string, now: Date): boolean {
  return now.getTime() - Date.parse(resolvedAt) < APPROVERS_REFRESH_MS;
}

/** Asks Slack, and stores the answer in the cache. @param approvers ids of users and user groups */
async function fetchApprovers(
  approvers: readonly string[],
  { resolvedApprovers, peopleRules, slack, now, log }: FetchApproversDependencies,
): Promise<ResolvedApprovers> {
  const resolvedAt = now().toISOString();
  const userIds = await resolveApprovers(approvers, peopleRules.guests, await slack(), log);
  const resolved = { userIds, resolvedAt };
  await resolvedApprovers.put(approvers, resolved);
  return resolved;
}

/** Returns a function that asks Slack only if the cached answer is not fresh. */
export function resolveCached(dependencies: FetchApproversDependencies): Resolve {
  const { resolvedApprovers, now } = dependencies;
  return async (approvers) => {
    const cached = await resolvedApprovers.get(approvers);
    return cached && isFresh(cached.resolvedAt, now()) ? cached : fetchApprovers(approvers, dependencies);
  };
}

/** Returns a function that asks Slack at most once for each list of approvers. A failed call is not repeated. */
export function fetchOnce(dependencies: FetchApproversDependencies): Resolve {
  const fetched = new Map<string, Promise<ResolvedApprovers>>();
  return (approvers) => {
    const fetching = fetched.get(String(approvers)) ?? fetchApprovers(approvers, dependencies);
    fetched.set(String(approvers), fetching);
    return fetching;
  };
}

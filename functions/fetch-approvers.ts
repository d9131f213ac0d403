// Resolves approvers in Slack, and caches the result, so that a burst of requests does not ask Slack once for each
// request. request-approval and the reconciler call it.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import type { ResolvedApprovers, ResolvedApproversTable } from '../aws/resolved-approvers-table.ts';
import { APPROVERS_REFRESH_MS } from '../domain/next-check.ts';
import { resolveApprovers } from '../slack/resolve-approvers.ts';

export interface FetchApproversDependencies {
  readonly resolvedApprovers: ResolvedApproversTable;
  readonly slack: () => Promise<WebClient>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Whether the cached approvers may still be used. @param resolvedAt when Slack resolved them, ISO 8601 */
export function isFresh(resolvedAt: string, now: Date): boolean {
  return now.getTime() - Date.parse(resolvedAt) < APPROVERS_REFRESH_MS;
}

/** @param approvers ids of users and user groups */
export async function fetchApprovers(
  approvers: readonly string[],
  { resolvedApprovers, slack, now, log }: FetchApproversDependencies,
): Promise<ResolvedApprovers> {
  const resolvedAt = now().toISOString();
  const resolved = { userIds: await resolveApprovers(approvers, await slack(), log), resolvedAt };
  await resolvedApprovers.put(approvers, resolved);
  return resolved;
}

/** Returns a function that resolves each list of approvers at most once, even if the call to Slack fails. */
export function fetchOnce(
  dependencies: FetchApproversDependencies,
): (approvers: readonly string[]) => Promise<ResolvedApprovers> {
  const fetched = new Map<string, Promise<ResolvedApprovers>>();
  return (approvers) => {
    const fetching = fetched.get(String(approvers)) ?? fetchApprovers(approvers, dependencies);
    fetched.set(String(approvers), fetching);
    return fetching;
  };
}

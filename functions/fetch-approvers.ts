// Who the approvers are at the moment: looked up in Slack and kept, so that not every request asks Slack anew.
// request-approval calls it, and keep-watch for all that waits.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import type { ResolvedApprovers, ResolvedApproversTable } from '../aws/resolved-approvers-table.ts';
import { resolveApprovers } from '../slack/resolve-approvers.ts';
import { APPROVERS_REFRESH_MS } from '../domain/next-check.ts';

export interface FetchApproversDependencies {
  readonly resolvedApprovers: ResolvedApproversTable;
  readonly slack: () => Promise<WebClient>;
  readonly now: () => Date;
  readonly log: Log;
}

/** @param resolvedAt ISO 8601 */
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

/** Looks the same approvers up once, however many approvals ask, and whatever comes of it. */
export function fetchOnce(
  dependencies: FetchApproversDependencies,
): (approvers: readonly string[]) => Promise<ResolvedApprovers> {
  const looks = new Map<string, Promise<ResolvedApprovers>>();
  return (approvers) => {
    const look = looks.get(String(approvers)) ?? fetchApprovers(approvers, dependencies);
    looks.set(String(approvers), look);
    return look;
  };
}

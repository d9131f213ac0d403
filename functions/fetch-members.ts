// Who the approvers are at the moment: looked up in Slack and kept, so that not every request asks Slack anew.
// request-approval calls it, and keep-watch for all that waits.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import type { Members, MembersTable } from '../aws/resolved-approvers-table.ts';
import { membersOf } from '../slack/resolve-approvers.ts';
import { MEMBERS_FRESH } from '../domain/next-check.ts';

export interface LookUpDependencies {
  readonly members: MembersTable;
  readonly slack: () => Promise<WebClient>;
  readonly now: () => Date;
  readonly log: Log;
}

export function isFresh({ membersAt }: Members, now: Date): boolean {
  return now.getTime() - Date.parse(membersAt) < MEMBERS_FRESH;
}

/** @param approvers ids of users and user groups */
export async function lookUpMembers(
  approvers: readonly string[],
  { members, slack, now, log }: LookUpDependencies,
): Promise<Members> {
  const membersAt = now().toISOString();
  const seen = { members: await membersOf(approvers, await slack(), log), membersAt };
  await members.put(approvers, seen);
  return seen;
}

/** Looks the same approvers up once, however many approvals ask, and whatever comes of it. */
export function lookingOnce(
  dependencies: LookUpDependencies,
): (approvers: readonly string[]) => Promise<Members> {
  const looks = new Map<string, Promise<Members>>();
  return (approvers) => {
    const look = looks.get(String(approvers)) ?? lookUpMembers(approvers, dependencies);
    looks.set(String(approvers), look);
    return look;
  };
}

// Behind the refresh queue, every five minutes: brings the members of every approval that waits up to date, so that a
// press needs to read nothing but the record. A second run finds nothing to do.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Approvals, approvalsTable } from '../aws/approvals-table.ts';
import { environment } from '../aws/environment.ts';
import { log as toStdout } from '../aws/log.ts';
import { type Members, membersTable } from '../aws/members-table.ts';
import { showApproval } from '../bot/thread.ts';
import type { Approval } from '../domain/approval.ts';
import { nobodyCanApprove } from '../domain/votes.ts';
import { lookUpMembers, type LookUpDependencies } from './look-up-members.ts';
import { eachRecord } from './queue-records.ts';
import { slackClient } from './slack-client.ts';
import { putBackIntoQueue, withinRate } from './within-rate.ts';

export interface RefreshMembersDependencies extends LookUpDependencies {
  readonly approvals: Approvals;
}

/** Everybody named is looked up once. What fails ends the run; the queue brings it again. */
export function refreshMembers(dependencies: RefreshMembersDependencies) {
  const { approvals } = dependencies;
  return async (): Promise<void> => {
    const looks = new Map<string, Members>();
    for await (const key of approvals.waiting()) {
      const approval = await approvals.get(key);
      if (approval?.status !== 'pending') continue;
      const { approvers } = approval.policy;
      const seen = looks.get(String(approvers)) ?? (await lookUpMembers(approvers, dependencies));
      looks.set(String(approvers), seen);
      await refresh(approval, seen, dependencies);
    }
  };
}

async function refresh(
  approval: Approval,
  { members, membersAt }: Members,
  { approvals, slack, log }: RefreshMembersDependencies,
): Promise<void> {
  const { execution, id, revision } = approval;
  // Undefined: it moved meanwhile, and whoever moved it shows it; the next refresh is soon enough.
  const after = await approvals.recordMembers(approval, members, membersAt);
  if (!after) return;
  if (nobodyCanApprove(after)) {
    const todo =
      'Too few approvers are there: fill the user group, or mend "approvers" and "tiers" and deploy.';
    log('nobody_can_approve', { execution, approval: id, todo });
  }
  if (after.revision === revision && after.shownRevision === revision) return;
  await showApproval({ approvals, slack: await slack() }, approval);
}

const client = new DynamoDBClient();
const table = environment('APPROVALS_TABLE');
const work = refreshMembers({
  approvals: approvalsTable(client, table),
  members: membersTable(client, table),
  slack: slackClient(),
  now: () => new Date(),
  log: toStdout,
});

export const handler = eachRecord(withinRate(work, putBackIntoQueue(), toStdout), toStdout);

// Brings the members of one approval that waits up to date, where they were last looked at too long ago, so that a press
// needs to read nothing but the record. keep-watch calls it.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { Log } from '../aws/log.ts';
import type { ResolvedApprovers } from '../aws/resolved-approvers-table.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import type { Approval } from '../domain/approval.ts';
import { type OutOfOffice, applyDelegations } from '../domain/out-of-office.ts';
import { currentApprovers } from '../domain/escalation.ts';
import { nobodyCanApprove } from '../domain/votes.ts';
import type { InTurn } from './rate-limiter.ts';
import { updating } from '../slack/rate-limits.ts';
import { isFresh } from './fetch-approvers.ts';

export interface RefreshDependencies {
  readonly approvals: Approvals;
  readonly slack: () => Promise<WebClient>;
  /** Looks the same people up once. */
  readonly fetchApprovers: (approvers: readonly string[]) => Promise<ResolvedApprovers>;
  /** Who is out, asked once. */
  readonly outOfOffice: () => Promise<readonly OutOfOffice[]>;
  readonly now: () => Date;
  /** Takes a turn in the lane if one is free now; else throws {@link NotYet}. */
  readonly acquire: InTurn;
  readonly log: Log;
}

/** Answers the approval as it is then. */
export async function refreshApprovers(
  approval: Approval,
  dependencies: RefreshDependencies,
): Promise<Approval> {
  if (approval.status !== 'pending' || isFresh(approval.approversResolvedAt, dependencies.now()))
    return approval;
  const renewed = await resolveAgain(approval, dependencies);
  const { approvals, slack, acquire } = dependencies;
  if (renewed.revision !== approval.revision) {
    await acquire(updating);
    await syncMessage({ approvals, slack: await slack() }, approval);
  }
  return renewed;
}

/** The message does not show it yet. */
export async function resolveAgain(
  approval: Approval,
  { approvals, fetchApprovers, outOfOffice, log }: RefreshDependencies,
): Promise<Approval> {
  const { execution, id } = approval;
  const { userIds, resolvedAt } = await fetchApprovers(currentApprovers(approval));
  const here = applyDelegations(userIds, await outOfOffice(), approval);
  // Undefined: it moved meanwhile; the next watch is soon enough.
  const after = await approvals.recordApprovers(approval, here, resolvedAt);
  if (!after) return approval;
  if (nobodyCanApprove(after)) {
    const remedy =
      'Too few approvers are there: fill the user group, or mend "approvers" and "tiers" and deploy.';
    log('nobody_can_approve', { execution, approval: id, remedy });
  }
  return after;
}

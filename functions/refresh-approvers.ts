// Resolves the approvers of a pending approval again if they were resolved too long ago. So the bot can check a vote
// with the stored approvers and does not ask Slack. The reconciler calls it.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { Log } from '../aws/log.ts';
import type { Approval } from '../domain/approval.ts';
import { currentApprovers } from '../domain/escalation.ts';
import { nobodyCanApprove } from '../domain/votes.ts';
import { isFresh } from '../slack/fetch-approvers.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import { messageUpdates } from '../slack/rate-limits.ts';
import type { Acquire } from './queue-handler.ts';
import { type EffectiveDependencies, resolveEffectiveApprovers } from './resolve-effective-approvers.ts';

export interface RefreshDependencies extends EffectiveDependencies {
  readonly approvals: Approvals;
  readonly slack: () => Promise<WebClient>;
  readonly acquire: Acquire;
  readonly log: Log;
}

export interface Refreshed {
  /** Whether the record was written. */
  readonly changed: boolean;
  readonly approval: Approval;
}

export async function refreshApprovers(
  approval: Approval,
  dependencies: RefreshDependencies,
): Promise<Refreshed> {
  const { approvals, slack, acquire, now } = dependencies;
  if (approval.status !== 'pending' || isFresh(approval.approversResolvedAt, now()))
    return { changed: false, approval };
  const refreshed = await resolveAgain(approval, dependencies);
  if (refreshed.approval.revision !== approval.revision) {
    await acquire(messageUpdates);
    await syncMessage({ approvals, slack: await slack() }, approval);
  }
  return refreshed;
}

/** Resolves the approvers and stores them. The caller must update the message. */
export async function resolveAgain(
  approval: Approval,
  dependencies: RefreshDependencies,
): Promise<Refreshed> {
  const { approvals, log } = dependencies;
  const approvers = currentApprovers(approval);
  const { effective, resolvedAt } = await resolveEffectiveApprovers(approval, approvers, dependencies);
  const { recorded, approval: after } = await approvals.recordApprovers(approval, effective, resolvedAt);
  // The approval changed meanwhile. The next run tries again.
  if (!recorded) return { changed: false, approval };
  if (nobodyCanApprove(after)) {
    const remedy =
      'There are too few approvers: add people to the user group, or fix "approvers" and "tiers" and deploy.';
    log('nobody_can_approve', { execution: approval.execution, approval: approval.id, remedy });
  }
  return { changed: true, approval: after };
}

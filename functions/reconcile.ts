// The reconciler: checks every approval whose next check is due, completes unfinished work, reminders and escalations,
// and copies new entries of the audit. It runs every minute. Late and repeated runs are harmless, because each run computes the due work from
// the records.
import type { Approvals } from '../aws/approvals-table.ts';
import type { AuditTable } from '../aws/audit-table.ts';
import type { PreferencesTable } from '../aws/preferences-table.ts';
import type { RateLimit, RateLimiter } from '../aws/rate-limiter-table.ts';
import type { Approval } from '../domain/approval.ts';
import { nextCheckAt } from '../domain/next-check.ts';
import type { OutOfOffice } from '../domain/out-of-office.ts';
import { fetchOnce } from '../slack/fetch-approvers.ts';
import { failureFields, isOutage, retryAfter, slackErrorCode } from '../slack/slack-errors.ts';
import { tryAcquireSlot, SlotNotReady } from './acquire-slot.ts';
import { classifyError } from './classify-error.ts';
import { copyNewEntries, type CopyNewEntriesDependencies } from './copy-new-entries.ts';
import {
  messageLags,
  reconcileApproval,
  type ReconcileApprovalDependencies,
  resyncMessage,
} from './reconcile-approval.ts';
import { refreshApprovers, type RefreshDependencies } from './refresh-approvers.ts';
import { notifyVoters } from './notify-voters.ts';
import { mentionDelegates } from './mention-delegates.ts';
import { runEscalationStep } from './run-escalation-step.ts';
import { type BacklogDependencies, showBacklog } from './show-backlog.ts';

export interface ReconcileDependencies
  extends
    Omit<ReconcileApprovalDependencies, 'acquire' | 'audit'>,
    BacklogDependencies,
    CopyNewEntriesDependencies {
  readonly audit: AuditTable;
  readonly approvals: Approvals;
  /** Ids of the Slack channels that the policies name. */
  readonly channels: readonly string[];
  readonly people: Pick<PreferencesTable, 'outOfOffice'>;
  readonly rateLimiter: Pick<RateLimiter, 'reserve' | 'tryReserve'>;
}

/** Some steps failed with errors that need an operator. */
export class ReconcileIncomplete extends Error {
  override readonly name = 'ReconcileIncomplete';
}

export function reconcile(dependencies: ReconcileDependencies) {
  const { approvals, now, log } = dependencies;
  return async (): Promise<void> => {
    const run = createRun(dependencies);
    const errors: unknown[] = [];
    const unposted = new Map(dependencies.channels.map((channel) => [channel, 0]));
    try {
      for await (const key of approvals.due(now())) {
        try {
          const approval = await approvals.get(key);
          if (!approval) continue;
          const { status, ts, channel } = approval;
          if (status === 'pending' && !ts) unposted.set(channel, (unposted.get(channel) ?? 0) + 1);
          await check(approval, run);
        } catch (error) {
          if (!(error instanceof SlotNotReady))
            log('approval_not_reconciled', { approval: key.id, ...fieldsOf(error) });
          run.noteFailure(error);
          errors.push(error);
        }
      }
      for (const [channel, waiting] of unposted) await showBacklog(waiting, { ...run, channel });
    } catch (error) {
      log('reconcile_aborted', fieldsOf(error));
      errors.push(error);
    }
    try {
      await copyNewEntries(dependencies);
    } catch (error) {
      log('audit_not_copied', fieldsOf(error));
      errors.push(error);
    }
    const permanent = errors.filter((error) => classifyError(error).kind === 'fail');
    if (permanent.length > 0) throw new ReconcileIncomplete(`${permanent.length} steps failed.`);
  };
}

/** The alarm `reconciler-stalled` counts the events with the kind `outage`. */
function fieldsOf(error: unknown): Readonly<Record<string, string>> {
  return { kind: classifyError(error).kind, ...failureFields(error) };
}

/**
 * Returns the dependencies for one run. They fetch each list of people at most once, and do not call Slack again after
 * an outage or a rate limit.
 */
function createRun(dependencies: ReconcileDependencies) {
  const { people, slack, rateLimiter, now } = dependencies;
  let outOfOffice: Promise<readonly OutOfOffice[]> | undefined;
  let slackFailure: unknown;
  const slackWhileUp = async () => {
    if (slackFailure) throw slackFailure;
    return slack();
  };
  const run = { ...dependencies, slack: slackWhileUp };
  return {
    ...run,
    acquire: (limit: RateLimit) => tryAcquireSlot(limit, rateLimiter, now),
    outOfOffice: () => (outOfOffice ??= people.outOfOffice(now())),
    resolve: fetchOnce(run),
    noteFailure: (error: unknown) => {
      // If Slack returned an error code, the outage may affect only this call.
      if (retryAfter(error) !== undefined || (isOutage(error) && !slackErrorCode(error)))
        slackFailure = error;
    },
  };
}

/** The order matters, because the escalation step mentions the refreshed approvers. */
async function check(
  approval: Approval,
  run: RefreshDependencies & ReconcileApprovalDependencies,
): Promise<void> {
  const outcome = await reconcileApproval(approval, run);
  const refreshed = outcome === 'done' ? { changed: false, approval } : await refreshApprovers(approval, run);
  if (outcome === 'continue') {
    await runEscalationStep(refreshed.approval, run);
    // The step may have changed who may approve.
    const current = (await run.approvals.get(approval)) ?? refreshed.approval;
    await mentionDelegates(current, run);
    await notifyVoters(current, run);
  }
  // The write that stored the approvers also scheduled the next check.
  if (refreshed.changed) return;
  // Update the message after all other work, because `acquire` throws if the rate limit has no free slot. The approval
  // then stays due, and the next run updates the message.
  if (messageLags(approval, run.now())) await resyncMessage(approval, run);
  const next = nextCheckAt(approval);
  if (next > run.now().toISOString()) await run.approvals.scheduleNextCheck(approval, next);
}

// Completes work on one approval that a failed call left unfinished: a decision not sent, an execution not stopped, a
// completion without notifications, an outdated message. The reconciler calls it. Each repair is logged and raises an
// alarm, because normal operation needs no repairs.
import type { Described, Executions } from '../aws/executions.ts';
import { sendDecision } from '../aws/send-decision.ts';
import type { Approval, ApprovalKey, Result } from '../domain/approval.ts';
import { entriesOf } from '../domain/audit.ts';
import { GRACE_PERIOD_MS, RENOTIFY_AFTER_MS } from '../domain/next-check.ts';
import type { FetchApproversDependencies } from '../slack/fetch-approvers.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import { messageUpdates } from '../slack/rate-limits.ts';
import { completionMessage } from './completion-message.ts';
import { copyEntry, type CopyDependencies, type RecordDependencies, recordEntries } from './copy-entry.ts';
import type { Acquire } from './queue-handler.ts';
import type { RefreshDependencies } from './refresh-approvers.ts';

export interface ReconcileApprovalDependencies
  extends
    FetchApproversDependencies,
    Pick<RefreshDependencies, 'approvals'>,
    CopyDependencies,
    RecordDependencies {
  readonly executions: Pick<Executions, 'resume'>;
  readonly describe: (executionArn: string) => Promise<Described>;
  readonly stop: (executionArn: string, cause: string) => Promise<void>;
  /** Publishes a completion to relay-result, which notifies people. */
  readonly publish: (message: object) => Promise<void>;
  readonly acquire: Acquire;
}

/** Maximum time between two checks of an execution that continues after its decision. */
const MAX_CHECK_INTERVAL_MS = 15 * 60_000;

/**
 * Returns `done` if the approval is not pending or its deadline has passed. Such an approval needs no reminder and no
 * escalation.
 */
export async function reconcileApproval(
  approval: Approval,
  dependencies: ReconcileApprovalDependencies,
): Promise<'done' | 'continue'> {
  const { status, decision, cancellation, sentAt, result, deadline } = approval;
  const { now } = dependencies;
  const since = (at: string) => now().getTime() - Date.parse(at);
  if (result && approval.reopened) {
    // The bot may have crashed before it added the entry `resubmitted` to the audit.
    const resubmission = entriesOf(approval).filter(({ action }) => action === 'resubmitted');
    for (const entry of await recordEntries(resubmission, dependencies)) await copyEntry(entry, dependencies);
    await resyncMessage(approval, dependencies);
    return 'done';
  }
  if (result) {
    if (since(approval.settledAt ?? deadline) > RENOTIFY_AFTER_MS)
      await renotify(approval, result, dependencies);
    return 'done';
  }
  if (cancellation && since(cancellation.at) > GRACE_PERIOD_MS)
    await retryStop(approval, cancellation, dependencies);
  else if (decision && !sentAt && since(decision.at) > GRACE_PERIOD_MS)
    await resendDecision(approval, dependencies);
  else if (since(deadline) > GRACE_PERIOD_MS) await reconcileExecution(approval, dependencies);
  return status !== 'pending' || since(deadline) > 0 ? 'done' : 'continue';
}

async function resendDecision(
  approval: Approval,
  dependencies: ReconcileApprovalDependencies,
): Promise<void> {
  const unsent = await dependencies.approvals.getUnsentDecision(approval);
  if (!unsent) return;
  const sent = await sendDecision(unsent, dependencies);
  logRepair('decision', approval, dependencies, { sent });
}

/** The approval was cancelled, but the call that stops the execution may have failed. */
async function retryStop(
  approval: Approval,
  { by }: NonNullable<Approval['cancellation']>,
  dependencies: ReconcileApprovalDependencies,
): Promise<void> {
  const { status } = await dependencies.describe(approval.executionArn);
  if (status !== 'RUNNING') return reconcileExecution(approval, dependencies);
  await dependencies.stop(approval.executionArn, `Cancelled in Slack by ${by}`);
  logRepair('stop', approval, dependencies, {});
}

/**
 * Handles an approval whose result is overdue. Describes the execution, because EventBridge does not guarantee delivery
 * of the event that the execution ended.
 */
async function reconcileExecution(
  approval: Approval,
  dependencies: ReconcileApprovalDependencies,
): Promise<void> {
  const { describe, publish, approvals, now } = dependencies;
  const described = await describe(approval.executionArn);
  const wasRedriven = (described.redrivenAt ?? '') > approval.askedAt && !approval.decision;
  const isRunning = described.status === 'RUNNING';
  if (isRunning && approval.decision) {
    // The execution continues after the decision. The longer it runs, the less often it is checked.
    const interval = Math.min(now().getTime() - Date.parse(approval.deadline), MAX_CHECK_INTERVAL_MS);
    const next = new Date(now().getTime() + interval).toISOString();
    return approvals.scheduleNextCheck(approval, next);
  }
  // The approval was cancelled, and the execution is being stopped.
  if (isRunning && approval.status !== 'pending' && !wasRedriven) return;
  if (isRunning || wasRedriven) await settleOverdue(approval, described, wasRedriven, dependencies);
  else await publish(completionMessage(approval.executionArn, described));
  logRepair('completion', approval, dependencies, { status: described.status });
}

/**
 * Settles an approval for which the execution no longer waits: the wait timed out, or a redrive created a separate
 * approval.
 */
async function settleOverdue(
  approval: Approval,
  { redrivenAt = '' }: Described,
  wasRedriven: boolean,
  { approvals, slack, now }: ReconcileApprovalDependencies,
): Promise<void> {
  const result: Result = wasRedriven
    ? {
        outcome: 'cancelled',
        text: 'The execution was redriven.',
        at: new Date(Date.parse(redrivenAt) - 1).toISOString(),
      }
    : { outcome: 'expired', at: approval.deadline };
  await approvals.settle(approval, result, now());
  await syncMessage({ approvals, slack: await slack() }, approval);
  await approvals.close(approval);
}

/** Updates a message that does not show the current record. */
export async function resyncMessage(
  approval: Approval,
  dependencies: ReconcileApprovalDependencies,
): Promise<void> {
  const { approvals, slack, acquire } = dependencies;
  await acquire(messageUpdates);
  await syncMessage({ approvals, slack: await slack() }, approval);
  logRepair('message', approval, dependencies, {});
}

/**
 * Publishes a stored result again, because not every audience was notified. relay-result skips audiences that it has
 * notified.
 */
async function renotify(
  { executionArn, ...approval }: Approval,
  result: Result,
  dependencies: ReconcileApprovalDependencies,
): Promise<void> {
  await dependencies.approvals.restartNotification(approval, dependencies.now());
  const { outcome, at, isArrivalTime } = result;
  const byDecision = outcome === 'declined' || outcome === 'expired';
  const Input = byDecision ? { approval: { outcome } } : { result };
  // The flag makes relay-result find the same completion again.
  await dependencies.publish({ Input, ExecutionId: executionArn, EndedAt: at, IsArrivalTime: isArrivalTime });
  logRepair('notification', approval, dependencies, { outcome });
}

function logRepair(
  what: 'decision' | 'stop' | 'completion' | 'message' | 'notification',
  { execution, id }: ApprovalKey,
  { log }: ReconcileApprovalDependencies,
  fields: Readonly<Record<string, unknown>>,
): void {
  log('repaired', { what, execution, approval: id, ...fields });
}

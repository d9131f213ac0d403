// Completes work on one approval that a failed call left unfinished: a decision not sent, an execution not stopped, a
// completion without notifications, an outdated message. The reconciler calls it. Each repair is logged and raises an
// alarm, because normal operation needs no repairs. A repair that fails for a day is abandoned, with another alarm.
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

/** Maximum time between two checks of an execution whose result is overdue. */
const MAX_CHECK_INTERVAL_MS = 15 * 60_000;

/** A workflow that publishes the end of a failed execution itself, after it has cleaned up, has this time for it. */
const OWN_FAILURES_MS = 15 * 60_000;

/**
 * A repair is abandoned after this time. Longer than the twelve hours for which a queue retries a message, so an outage
 * that the queues outlive abandons nothing.
 */
const MAX_REPAIR_AGE_MS = 24 * 60 * 60_000;

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
    if (since(lastChange(approval)) > MAX_REPAIR_AGE_MS) return abandon('message', approval, dependencies);
    // The bot may have crashed before it added the entry `resubmitted` to the audit.
    const resubmission = entriesOf(approval).filter(({ action }) => action === 'resubmitted');
    for (const entry of await recordEntries(resubmission, dependencies)) await copyEntry(entry, dependencies);
    await resyncMessage(approval, dependencies);
    return 'done';
  }
  if (result) {
    if (since(approval.settledAt ?? deadline) <= RENOTIFY_AFTER_MS) return 'done';
    if (since(result.at ?? deadline) > MAX_REPAIR_AGE_MS)
      return abandon('notification', approval, dependencies);
    await renotify(approval, result, dependencies);
    return 'done';
  }
  if (cancellation && since(cancellation.at) > GRACE_PERIOD_MS)
    await retryStop(approval, cancellation, dependencies);
  else if (since(deadline) > GRACE_PERIOD_MS) await reconcileExecution(approval, dependencies);
  else if (decision && !sentAt && since(decision.at) > GRACE_PERIOD_MS)
    await resendDecision(approval, dependencies);
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

/**
 * The approval was cancelled, but the call that stops the execution may have failed. Tried as long as the execution runs,
 * because somebody relies on the stop; its timeouts end the execution in any case.
 */
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
  const described = await dependencies.describe(approval.executionArn);
  const wasRedriven = (described.redrivenAt ?? '') > approval.askedAt && !approval.decision;
  const isRunning = described.status === 'RUNNING';
  if (isRunning && approval.decision) {
    // The execution continues after the decision.
    await checkLessOften(approval, approval.deadline, dependencies);
    if (!approval.sentAt) await resendDecision(approval, dependencies);
    return;
  }
  // The approval was cancelled, and the execution is being stopped.
  if (isRunning && approval.status !== 'pending' && !wasRedriven) return;
  if (isRunning && !wasRedriven && approval.endsEarly) return endWait(approval, dependencies);
  if (!isRunning && !wasRedriven) {
    const endedAt = described.endedAt ?? approval.deadline;
    if (approval.ownFailures && dependencies.now().getTime() - Date.parse(endedAt) <= OWN_FAILURES_MS)
      return checkLessOften(approval, endedAt, dependencies);
    return publishCompletion(approval, described, dependencies);
  }
  await settleOverdue(approval, described, wasRedriven, dependencies);
  logRepair('completion', approval, dependencies, { status: described.status });
}

/**
 * Ends the wait of a state at the deadline that its request asked for. The execution then publishes that it expired. If
 * the state waits no more, the execution is checked again later.
 */
async function endWait(
  approval: Approval,
  { approvals, executions, log, ...dependencies }: ReconcileApprovalDependencies,
): Promise<void> {
  const { execution, id, deadline } = approval;
  const taskToken = await approvals.taskTokenOf(approval);
  if (taskToken) {
    const sent = await executions.resume(taskToken, { outcome: 'expired', id });
    log('wait_ended', { execution, approval: id, sent });
  }
  await checkLessOften(approval, deadline, { approvals, executions, log, ...dependencies });
}

/** The longer the time since `since` (ISO 8601), the later is the next check. */
async function checkLessOften(
  approval: Approval,
  since: string,
  { approvals, now }: ReconcileApprovalDependencies,
): Promise<void> {
  const age = now().getTime() - Date.parse(since);
  const interval = Math.min(Math.max(age, GRACE_PERIOD_MS), MAX_CHECK_INTERVAL_MS);
  await approvals.scheduleNextCheck(approval, new Date(now().getTime() + interval).toISOString());
}

/**
 * Publishes the completion of an execution that ended. relay-result may never store it, for example because the output
 * contains no result, or one that no decision allows. So after a day the result `unclear` is stored and published, and
 * people learn that the request does not wait any more.
 */
async function publishCompletion(
  approval: Approval,
  described: Described,
  dependencies: ReconcileApprovalDependencies,
): Promise<void> {
  const { approvals, publish, now } = dependencies;
  const { executionArn } = approval;
  const endedAt = described.endedAt ?? approval.deadline;
  if (now().getTime() - Date.parse(endedAt) <= MAX_REPAIR_AGE_MS) {
    await checkLessOften(approval, endedAt, dependencies);
    await publish(completionMessage(executionArn, described));
    return logRepair('completion', approval, dependencies, { status: described.status });
  }
  const text = 'The execution ended, and its result could not be read. Its log has more.';
  const result: Result = { outcome: 'failed', text, unsure: true };
  await approvals.settle(approval, { ...result, at: endedAt }, now());
  logAbandoned('completion', approval, dependencies);
  await publish({ Input: { result }, ExecutionId: executionArn, EndedAt: endedAt });
}

/** Closes an approval, so that the reconciler does not check it again. */
async function abandon(
  what: Repair,
  approval: Approval,
  dependencies: ReconcileApprovalDependencies,
): Promise<'done'> {
  await dependencies.approvals.close(approval);
  logAbandoned(what, approval, dependencies);
  return 'done';
}

/** When a finished approval last changed in a way that its message must show, ISO 8601. */
function lastChange({ settledAt, deadline, resubmitted }: Approval): string {
  const settled = settledAt ?? deadline;
  return resubmitted && resubmitted.at > settled ? resubmitted.at : settled;
}

/**
 * Whether a message lags behind a record without a result, and is worth another try. A day after the deadline it is left
 * until the result is stored, which updates it.
 */
export function messageLags({ ts, shownRevision, revision, result, deadline }: Approval, now: Date): boolean {
  const isAbandoned = now.getTime() - Date.parse(deadline) > MAX_REPAIR_AGE_MS;
  return ts !== undefined && shownRevision !== revision && !result && !isAbandoned;
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

type Repair = 'decision' | 'stop' | 'completion' | 'message' | 'notification';

function logRepair(
  what: Repair,
  { execution, id }: ApprovalKey,
  { log }: ReconcileApprovalDependencies,
  fields: Readonly<Record<string, unknown>>,
): void {
  log('repaired', { what, execution, approval: id, ...fields });
}

/** The field `remedy` raises an alarm. */
function logAbandoned(
  what: Repair,
  { execution, id }: ApprovalKey,
  { log }: ReconcileApprovalDependencies,
): void {
  const remedy =
    'The reconciler tried for a day and stopped. Fix the cause, then redrive the dead letters of relayed-results.';
  log('repair_abandoned', { what, execution, approval: id, remedy });
}

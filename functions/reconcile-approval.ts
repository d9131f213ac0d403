// Puts right what somebody left half done: a decision that was not sent, an ending nobody heard of, a message that lags.
// keep-watch calls it. Whatever it finds is logged as `repaired`: work for it is a smell, and an alarm counts it.
import type { Described, Executions } from '../aws/executions.ts';
import { send } from '../aws/send-decision.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import type { Approval, ApprovalKey, Result } from '../domain/approval.ts';
import { GRACE_PERIOD_MS, RENOTIFY_AFTER_MS } from '../domain/next-check.ts';
import { completionMessage } from './completion-message.ts';
import type { InTurn } from './rate-limiter.ts';
import { updating } from '../slack/rate-limits.ts';
import type { FetchApproversDependencies } from './fetch-approvers.ts';
import type { RefreshDependencies } from './refresh-approvers.ts';

export interface ReconcileApprovalDependencies
  extends FetchApproversDependencies, Pick<RefreshDependencies, 'approvals'> {
  readonly executions: Pick<Executions, 'resume'>;
  readonly describe: (executionArn: string) => Promise<Described>;
  readonly stop: (executionArn: string, cause: string) => Promise<void>;
  /** Publishes an ending, for the relay to tell. */
  readonly publish: (message: object) => Promise<void>;
  readonly acquire: InTurn;
}

/** Milliseconds between two looks at an execution that runs on after its decision, at the most. */
const LONGEST_LOOK = 15 * 60_000;

/** True: it is over, or decided, and nothing else is to be done about it. */
export async function reconcileApproval(
  approval: Approval,
  dependencies: ReconcileApprovalDependencies,
): Promise<boolean> {
  const { status, decision, cancellation, sentAt, result, deadline } = approval;
  const { now } = dependencies;
  const since = (at: string) => now().getTime() - Date.parse(at);
  if (result && approval.reopened) {
    await resyncMessage(approval, dependencies);
    return true;
  }
  if (result) {
    if (since(approval.settledAt ?? deadline) > RENOTIFY_AFTER_MS)
      await renotify(approval, result, dependencies);
    return true;
  }
  if (cancellation && since(cancellation.at) > GRACE_PERIOD_MS)
    await retryStop(approval, cancellation, dependencies);
  else if (decision && !sentAt && since(decision.at) > GRACE_PERIOD_MS)
    await resendUnsent(approval, dependencies);
  else if (since(deadline) > GRACE_PERIOD_MS) await reconcileExecution(approval, dependencies);
  return status !== 'pending' || since(deadline) > 0;
}

async function resendUnsent(approval: Approval, dependencies: ReconcileApprovalDependencies): Promise<void> {
  const withToken = await dependencies.approvals.getUnsentDecision(approval);
  if (!withToken) return;
  const sent = await send(withToken, dependencies);
  logRepair('decision', approval, dependencies, { sent });
}

/** Somebody cancelled it, and whoever was to stop it died; or it is stopped, and nobody heard of that. */
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

/** An event of an execution's end is best effort, and what tells of it may be a dead letter. */
async function reconcileExecution(
  approval: Approval,
  dependencies: ReconcileApprovalDependencies,
): Promise<void> {
  const { describe, publish, approvals } = dependencies;
  const described = await describe(approval.executionArn);
  const redriven = (described.redrivenAt ?? '') > approval.askedAt && !approval.decision;
  if (described.status === 'RUNNING' && approval.decision) {
    // It does what was approved, or asks more: there is no hurry, and less the longer it takes.
    const late = Math.min(dependencies.now().getTime() - Date.parse(approval.deadline), LONGEST_LOOK);
    await approvals.scheduleNextCheck(approval, new Date(dependencies.now().getTime() + late).toISOString());
    return;
  }
  // Somebody cancelled it, and it is being stopped.
  if (described.status === 'RUNNING' && approval.status !== 'pending' && !redriven) return;
  if (described.status === 'RUNNING' || redriven) {
    // Its pause is over, whatever becomes of the execution. What is asked after a redrive is another.
    const before = new Date(Date.parse(described.redrivenAt ?? '') - 1);
    const over: Result = redriven
      ? { outcome: 'cancelled', text: 'The execution was redriven.', at: before.toISOString() }
      : { outcome: 'expired', at: approval.deadline };
    await approvals.settle(approval, over, dependencies.now());
    await syncMessage({ approvals, slack: await dependencies.slack() }, approval);
    await approvals.close(approval);
  } else {
    await publish(completionMessage(approval.executionArn, described));
  }
  logRepair('ending', approval, dependencies, { status: described.status });
}

/** A message that lags behind the record. */
export async function resyncMessage(
  approval: Approval,
  dependencies: ReconcileApprovalDependencies,
): Promise<void> {
  const { approvals, slack, acquire } = dependencies;
  await acquire(updating);
  await syncMessage({ approvals, slack: await slack() }, approval);
  logRepair('message', approval, dependencies, {});
}

/** It has its result, and whoever was to tell it gave up: it is told once more, to whom it was not. */
async function renotify(
  { executionArn, request, ...approval }: Approval,
  result: Result,
  dependencies: ReconcileApprovalDependencies,
): Promise<void> {
  await dependencies.approvals.restartNotification(approval, dependencies.now());
  const { outcome, at } = result;
  const byDecision = outcome === 'declined' || outcome === 'expired';
  const Input = { requestedBy: request.requester, ...(byDecision ? { approval: { outcome } } : { result }) };
  await dependencies.publish({ Input, ExecutionId: executionArn, EndedAt: at });
  logRepair('telling', approval, dependencies, { outcome });
}

function logRepair(
  what: string,
  { execution, id }: ApprovalKey,
  { log }: ReconcileApprovalDependencies,
  fields: Readonly<Record<string, unknown>>,
): void {
  log('repaired', { what, execution, approval: id, ...fields });
}

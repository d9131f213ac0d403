// Sends a recorded decision to Step Functions. The bot calls it after the deciding vote, and the reconciler calls it if
// the bot may have failed. Step Functions accepts a task token once, so a second call has no effect.
import type { ApprovalWithToken } from './approval-items.ts';
import type { Approvals } from './approvals-table.ts';
import type { Executions } from './executions.ts';
import type { Log } from './log.ts';

export interface SendDependencies {
  readonly approvals: Pick<Approvals, 'recordSent'>;
  readonly executions: Pick<Executions, 'resume'>;
  readonly now: () => Date;
  readonly log: Log;
}

/** `not_waiting`: the token was used before, or the wait is over. */
export type Sent = 'resumed' | 'not_waiting';

/** Sends a decision, and records that it was sent. */
export async function sendDecision(
  withToken: ApprovalWithToken,
  dependencies: SendDependencies,
): Promise<Sent> {
  const sent = await resumeExecution(withToken, dependencies);
  await dependencies.approvals.recordSent(withToken.approval, dependencies.now().toISOString());
  return sent;
}

/** Sends a decision, but does not record that it was sent. The bot records this after it has answered Slack. */
export async function resumeExecution(
  { approval, taskToken }: ApprovalWithToken,
  { executions, log }: Pick<SendDependencies, 'executions' | 'log'>,
): Promise<Sent> {
  const { execution, id, terms, decision, votes, delegateFor } = approval;
  const approvedBy = Object.entries(votes).map(([by, { at }]) => ({ by, at, for: delegateFor[by] }));
  const sent = await executions.resume(taskToken, {
    ...decision,
    id,
    termsDigest: terms?.digest,
    votes: approvedBy,
  });
  log('decision_sent', { execution, approval: id, outcome: decision?.outcome, by: decision?.by, sent });
  return sent;
}

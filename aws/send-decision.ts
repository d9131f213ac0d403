// Hands a recorded decision to Step Functions: right after it was taken, and again where that may have failed. The bot
// calls it at a press, keep-watch later; sent twice, the second is told that the wait is over.
import type { ApprovalWithToken } from './approval-items.ts';
import type { Approvals } from './approvals-table.ts';
import type { Executions } from './executions.ts';
import type { Log } from './log.ts';
import type { ApprovalKey } from '../domain/approval.ts';

export interface SendDependencies {
  readonly approvals: Pick<Approvals, 'getUnsentDecision' | 'recordSent'>;
  readonly executions: Pick<Executions, 'resume'>;
  readonly now: () => Date;
  readonly log: Log;
}

/** `over`: the token was used before, or the wait is over. */
export type Sent = 'resumed' | 'not_waiting';

/** Hands over a decision that is recorded and may never have reached Step Functions. */
export async function resend(key: ApprovalKey, dependencies: SendDependencies): Promise<Sent | undefined> {
  const withToken = await dependencies.approvals.getUnsentDecision(key);
  return withToken && send(withToken, dependencies);
}

/** Hands a recorded decision to Step Functions, and records that it was. */
export async function send(withToken: ApprovalWithToken, dependencies: SendDependencies): Promise<Sent> {
  const sent = await resumeExecution(withToken, dependencies);
  await dependencies.approvals.recordSent(withToken.approval, dependencies.now().toISOString());
  return sent;
}

/** Hands it over alone: whoever must answer first records it afterwards, and else keep-watch does. */
export async function resumeExecution(
  { approval, taskToken }: ApprovalWithToken,
  { executions, log }: Pick<SendDependencies, 'executions' | 'log'>,
): Promise<Sent> {
  const { execution, id, decision, votes, delegateFor } = approval;
  const approvedBy = Object.entries(votes).map(([by, { at }]) => ({ by, at, for: delegateFor[by] }));
  const sent = await executions.resume(taskToken, { ...decision, id, votes: approvedBy });
  log('decision_sent', { execution, approval: id, outcome: decision?.outcome, by: decision?.by, sent });
  return sent;
}

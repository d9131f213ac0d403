// Stores the approval of a waiting state that may have been retried. Each attempt of the state has a new task token and
// sends its own message, and all attempts have one approval. request-approval calls it.
import { approvalId, type Approvals } from '../aws/approvals-table.ts';
import { executionName } from '../aws/executions.ts';
import { sendDecision, type SendDependencies } from '../aws/send-decision.ts';
import type { FirstAttempt } from '../aws/scheduled-attempts.ts';
import type { Approval } from '../domain/approval.ts';
import { digest } from '../domain/digest.ts';
import type { RequestMessage } from './request-message.ts';

export interface AttemptDependencies extends SendDependencies {
  readonly approvals: Approvals;
  /** Returns the first attempt of a state, see `aws/scheduled-attempts.ts`. */
  readonly firstAttempt: (
    executionArn: string,
    message: unknown,
  ) => Promise<FirstAttempt | 'superseded' | undefined>;
}

/** The wait of a state, which has one approval. */
export interface Wait extends Pick<FirstAttempt, 'waitsAgainSince'> {
  /** Id of the approval, which is the same for all attempts of the waiting state. */
  readonly id: string;
}

/**
 * Returns the approval of a first attempt whose message was handled before. Then the message is not looked up again, so
 * only what is stored counts: the message may be another one with the same token.
 */
export async function findStored(
  { ExecutionId, TaskToken, RetryCount }: RequestMessage,
  { approvals }: Pick<AttemptDependencies, 'approvals'>,
): Promise<Approval | undefined> {
  if (RetryCount > 0) return undefined;
  return approvals.get({ execution: executionName(ExecutionId), id: approvalId(digest(TaskToken)) });
}

/**
 * Returns undefined if the history does not contain the message. Without this check, everybody who may send to the queue
 * could make requests for any execution. Returns `superseded` if the execution was redriven after it sent the message.
 * @param body the message as the queue delivered it, parsed as JSON
 */
export async function findWait(
  { ExecutionId }: RequestMessage,
  body: unknown,
  { firstAttempt }: Pick<AttemptDependencies, 'firstAttempt'>,
): Promise<Wait | 'superseded' | undefined> {
  const first = await firstAttempt(ExecutionId, body);
  if (!first || first === 'superseded') return first;
  return { id: approvalId(digest(first.taskToken)), waitsAgainSince: first.waitsAgainSince };
}

/**
 * Stores the approval, or the task token of a later attempt. An earlier attempt may have delivered its message although
 * SQS reported an error to the state. If people decided with its message, the decision is sent with the new token.
 */
export async function storeAttempt(
  draft: Approval,
  { RetryCount, TaskToken }: RequestMessage,
  dependencies: AttemptDependencies,
): Promise<Approval | undefined> {
  const { approvals } = dependencies;
  if (await approvals.create(draft, TaskToken)) return draft;
  const stored = await approvals.replaceTaskToken(draft, RetryCount, TaskToken);
  const isRetry = RetryCount > 0 && stored?.taskToken === TaskToken;
  if (isRetry && stored.approval.decision) await sendDecision(stored, dependencies);
  return stored?.approval;
}

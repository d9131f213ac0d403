// Creates the results message of an execution that did not publish its result, in the format that state machines use.
// report-failure publishes the message after EventBridge reports the failure, and the reconciler publishes it if no
// report arrived.
import type { Described } from '../aws/executions.ts';
import type { Result } from '../domain/approval.ts';
import { messageOf } from './failure-cause.ts';

export function completionMessage(executionArn: string, execution: Described): object {
  // The output of a successful execution contains its result.
  if (execution.status === 'SUCCEEDED')
    return { Input: JSON.parse(execution.output ?? '{}'), ExecutionId: executionArn };
  return { Input: { result: resultOf(execution) }, ExecutionId: executionArn, EndedAt: execution.endedAt };
}

function resultOf({ status, error, cause }: Described): Result {
  if (status === 'ABORTED') {
    const reason = cause ? `: ${cause}` : '';
    return {
      outcome: 'cancelled',
      text: `The execution was stopped${reason}. Nothing more is done.`,
      unsure: true,
    };
  }
  if (status === 'MISSING')
    return { outcome: 'cancelled', text: 'Step Functions does not know this execution.', unsure: true };
  if (status === 'TIMED_OUT') return { outcome: 'failed', text: 'The execution timed out.', unsure: true };
  if (error === undefined || isPlatformError(error)) {
    return {
      outcome: 'failed',
      text: `The execution failed: ${error ?? 'no reason is known'}. Its log has more.`,
      unsure: true,
    };
  }
  return { outcome: 'failed', text: cause === undefined ? error : messageOf(cause) };
}

/**
 * Whether the error comes from Step Functions or Lambda (`States.Timeout`), from another AWS service
 * (`AccessDeniedException`) or from JavaScript. Such an error is for operators, and does not say whether the approved
 * action was carried out. All other errors come from the workflow, and people see their messages.
 */
function isPlatformError(error: string): boolean {
  return /\.|Exception$|^(\w*Error|Runtime\w*)$/.test(error);
}

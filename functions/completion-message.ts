// Creates the results message of an execution that did not publish its result, in the format that state machines use.
// report-failure publishes the message after EventBridge reports the failure, and the reconciler publishes it if no
// report arrived.
import * as v from 'valibot';
import type { Described } from '../aws/executions.ts';
import type { Result } from '../domain/approval.ts';
import { parse, slackUser } from './parse.ts';

const startedBy = v.object({ requestedBy: v.fallback(v.optional(slackUser), undefined) });

export function completionMessage(executionArn: string, execution: Described): object {
  // The output of a successful execution contains its result.
  if (execution.status === 'SUCCEEDED')
    return { Input: JSON.parse(execution.output ?? '{}'), ExecutionId: executionArn };
  // Only the requester is copied, because the whole input may exceed the size limit of a message.
  const { requestedBy } = parse(startedBy, execution.input);
  const Input = { requestedBy, result: resultOf(execution) };
  return { Input, ExecutionId: executionArn, EndedAt: execution.endedAt };
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
  if (status === 'TIMED_OUT')
    return { outcome: 'failed', text: 'The execution took longer than it may.', unsure: true };
  if (error === undefined || isPlatformError(error)) {
    return {
      outcome: 'failed',
      text: `It broke off: ${error ?? 'no reason is known'}. Its log has more.`,
      unsure: true,
    };
  }
  return { outcome: 'failed', text: messageOf(cause) ?? error };
}

/**
 * Whether the error comes from Step Functions or Lambda (`States.Timeout`), from another AWS service
 * (`AccessDeniedException`) or from JavaScript. Such an error is for operators, and does not say whether the approved
 * action was carried out. All other errors come from the workflow, and people see their messages.
 */
function isPlatformError(error: string): boolean {
  return /\.|Exception$|^(\w*Error|Runtime\w*)$/.test(error);
}

/** The cause is JSON `{errorType, errorMessage, trace}` if a Lambda function failed, and plain text in a Fail state. */
function messageOf(cause: string | undefined): string | undefined {
  try {
    const { errorMessage } = JSON.parse(cause ?? '');
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}

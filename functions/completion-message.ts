// What is published of an execution that could not report its result itself, in the state machine's own form, in words
// for people. report-failure publishes it at the event, keep-watch where no event came.
import * as v from 'valibot';
import type { Described } from '../aws/executions.ts';
import type { Result } from '../domain/approval.ts';
import { parse, slackUser } from './parse.ts';

const startedBy = v.object({ requestedBy: v.fallback(v.optional(slackUser), undefined) });

export function completionMessage(executionArn: string, ended: Described): object {
  // What has succeeded tells it in its output.
  if (ended.status === 'SUCCEEDED')
    return { Input: JSON.parse(ended.output ?? '{}'), ExecutionId: executionArn };
  // Nothing of its input but who asked: it may be as large as a message may be.
  const { requestedBy } = parse(startedBy, ended.input);
  const Input = { requestedBy, result: resultOf(ended) };
  return { Input, ExecutionId: executionArn, EndedAt: ended.endedAt };
}

function resultOf({ status, error, cause }: Described): Result {
  if (status === 'ABORTED') {
    const why = cause ? `: ${cause}` : '';
    return {
      outcome: 'cancelled',
      text: `The execution was stopped${why}. Nothing more is done.`,
      unsure: true,
    };
  }
  if (status === 'TIMED_OUT')
    return { outcome: 'failed', text: 'The execution took longer than it may.', unsure: true };
  if (error === undefined || isOfThePlatform(error)) {
    return {
      outcome: 'failed',
      text: `It broke off: ${error ?? 'no reason is known'}. Its log has more.`,
      unsure: true,
    };
  }
  return { outcome: 'failed', text: messageOf(cause) ?? error };
}

/**
 * Our own errors are for people, and say what was not done. Those of Step Functions and Lambda (`States.Timeout`), of
 * AWS's services (`AccessDeniedException`) and of JavaScript are for operators, and cannot know.
 */
function isOfThePlatform(error: string): boolean {
  return /\.|Exception$|^(\w*Error|Runtime\w*)$/.test(error);
}

/** A Lambda function's error comes as JSON `{errorType, errorMessage, trace}`; a Fail state's as plain words. */
function messageOf(cause: string | undefined): string | undefined {
  try {
    const { errorMessage } = JSON.parse(cause ?? '');
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}

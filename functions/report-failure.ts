// Behind the failures queue: an execution that failed, timed out or was aborted could not report its result itself,
// so this publishes it, in the state machine's own form. Published twice, it is told once: the relay sees to that.
import { SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import * as v from 'valibot';
import { environment } from '../aws/environment.ts';
import { describeExecution, type Described, executionName } from '../aws/executions.ts';
import { log as toStdout, type Log } from '../aws/log.ts';
import type { Result } from '../domain/approval.ts';
import { parse, slackUser } from './parse.ts';
import { eachRecord } from './queue-records.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const statusChange = v.object({
  detail: v.object({
    executionArn: v.pipe(v.string(), v.startsWith('arn:')),
    status: v.picklist(['FAILED', 'TIMED_OUT', 'ABORTED']),
    /** Milliseconds since 1970. Without it the ending counts from when it is heard of. */
    stopDate: v.fallback(v.optional(v.number()), undefined),
  }),
});

const startedBy = v.object({ requestedBy: v.fallback(v.optional(slackUser), undefined) });

export interface ReportFailureDependencies {
  readonly describe: (executionArn: string) => Promise<Described>;
  readonly publish: (message: object) => Promise<void>;
  readonly log: Log;
}

export function reportFailure({ describe, publish, log }: ReportFailureDependencies) {
  return async (body: unknown): Promise<void> => {
    const { executionArn, status, stopDate } = parse(statusChange, body).detail;
    const ended = await describe(executionArn);
    const execution = executionName(executionArn);
    // Redriven meanwhile: it told its result itself.
    if (ended.status === 'SUCCEEDED') return log('failure_overtaken', { execution, status });
    // Nothing of its input but who asked: it may be as large as a message may be.
    const { requestedBy } = parse(startedBy, ended.input);
    const EndedAt = stopDate === undefined ? undefined : new Date(stopDate).toISOString();
    const Input = { requestedBy, result: resultOf(status, ended) };
    await publish({ Input, ExecutionId: executionArn, EndedAt });
    log('failure_reported', { execution, status, error: ended.error });
  };
}

function resultOf(status: string, { error, cause }: Described): Result {
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

const sfn = new SFNClient();
const sns = new SNSClient();
const TopicArn = environment('RESULTS_TOPIC_ARN');

export const handler = eachRecord(
  reportFailure({
    describe: (executionArn) => describeExecution(sfn, executionArn),
    publish: async (message) => {
      await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }));
    },
    log: toStdout,
  }),
  toStdout,
);

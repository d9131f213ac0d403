// Behind the failures queue: an execution that failed, timed out or was aborted could not report its result itself,
// so this publishes it, in the state machine's own form. Published twice, it is told once: the relay sees to that.
import { SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import * as v from 'valibot';
import { environment } from '../aws/environment.ts';
import { describeEnding, type Ending, executionName } from '../aws/executions.ts';
import { log as toStdout, type Log } from '../aws/log.ts';
import type { Result } from '../domain/approval.ts';
import { parse } from './parse.ts';
import { eachRecord } from './queue-records.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const statusChange = v.object({
  detail: v.object({ executionArn: v.pipe(v.string(), v.startsWith('arn:')) }),
});

export interface ReportFailureDependencies {
  readonly describe: (executionArn: string) => Promise<Ending>;
  readonly publish: (message: object) => Promise<void>;
  readonly log: Log;
}

export function reportFailure({ describe, publish, log }: ReportFailureDependencies) {
  return async (body: unknown): Promise<void> => {
    const { detail } = parse(statusChange, body);
    const ending = await describe(detail.executionArn);
    const result = resultOf(ending);
    // What the starter wrote under our names is not ours.
    const { approval: _, ...input } = ending.input;
    await publish({ Input: { ...input, result }, ExecutionId: detail.executionArn });
    log('failure_reported', {
      execution: executionName(detail.executionArn),
      status: ending.status,
      error: ending.error,
    });
  };
}

function resultOf({ status, error, cause }: Ending): Result {
  if (status === 'ABORTED') {
    return {
      outcome: 'cancelled',
      text: `The execution was stopped${cause ? `: ${cause}` : ''}. Nothing more is done.`,
    };
  }
  if (status === 'TIMED_OUT') return { outcome: 'failed', text: 'The execution took longer than it may.' };
  return { outcome: 'failed', text: messageOf(cause) ?? error ?? 'The execution gave no reason.' };
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
    describe: (executionArn) => describeEnding(sfn, executionArn),
    publish: async (message) => {
      await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }));
    },
    log: toStdout,
  }),
  toStdout,
);

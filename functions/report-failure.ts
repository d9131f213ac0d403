// Handles the failures queue: publishes the result of an execution that failed, timed out or was aborted and so could
// not publish its own. If the result is published twice, relay-result notifies people once.
import * as v from 'valibot';
import { type Described, executionName } from '../aws/executions.ts';
import { type Log } from '../aws/log.ts';
import { completionMessage } from './completion-message.ts';
import { parse } from './parse.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const statusChange = v.object({
  detail: v.object({
    executionArn: v.pipe(v.string(), v.startsWith('arn:')),
    status: v.picklist(['FAILED', 'TIMED_OUT', 'ABORTED']),
    /** Milliseconds since the epoch. If `stopDate` is missing, relay-result uses the current time. */
    stopDate: v.fallback(v.optional(v.number()), undefined),
  }),
});

export interface ReportFailureDependencies {
  readonly describe: (executionArn: string) => Promise<Described>;
  readonly publish: (message: object) => Promise<void>;
  readonly log: Log;
}

export function reportFailure({ describe, publish, log }: ReportFailureDependencies) {
  return async (body: unknown): Promise<void> => {
    const { executionArn, status, stopDate } = parse(statusChange, body).detail;
    const described = await describe(executionArn);
    const execution = executionName(executionArn);
    // The execution was redriven after it failed, then succeeded and published its own result.
    if (described.status === 'SUCCEEDED') return log('failure_overtaken', { execution, status });
    const endedAt = stopDate === undefined ? undefined : new Date(stopDate).toISOString();
    await publish(completionMessage(executionArn, { ...described, status, endedAt }));
    log('failure_reported', { execution, status, error: described.error });
  };
}

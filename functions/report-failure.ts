// Behind the failures queue: an execution that failed, timed out or was aborted could not report its result itself,
// so this publishes it, in the state machine's own form. Published twice, it is told once: the relay sees to that.
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
    /** Milliseconds since 1970. Without it the ending counts from when it is heard of. */
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
    const ended = await describe(executionArn);
    const execution = executionName(executionArn);
    // Redriven meanwhile: it told its result itself.
    if (ended.status === 'SUCCEEDED') return log('failure_overtaken', { execution, status });
    const endedAt = stopDate === undefined ? undefined : new Date(stopDate).toISOString();
    await publish(completionMessage(executionArn, { ...ended, status, endedAt }));
    log('failure_reported', { execution, status, error: ended.error });
  };
}

// Reads EventBridge's event of an execution that failed, timed out or was aborted. End Orders gets it from its queue, and
// Sweep Orders sends it there if EventBridge did not.
import * as v from 'valibot';
import { parse } from '../parse.ts';

const STATUSES = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const statusChange = v.object({
  detail: v.object({
    executionArn: v.pipe(v.string(), v.startsWith('arn:')),
    status: v.picklist(STATUSES),
    /** Milliseconds since the epoch. */
    stopDate: v.fallback(v.optional(v.number()), undefined),
  }),
});

export interface EndedExecution {
  readonly executionArn: string;
  readonly status: (typeof STATUSES)[number];
  /** When it ended, ISO 8601. Undefined if the event does not say. */
  readonly endedAt: string | undefined;
}

/** @throws InvalidInput */
export function readEndedExecution(body: unknown): EndedExecution {
  const { executionArn, status, stopDate } = parse(statusChange, body).detail;
  const endedAt = stopDate === undefined ? undefined : new Date(stopDate).toISOString();
  return { executionArn, status, endedAt };
}

export function hasFailed(status: string): status is EndedExecution['status'] {
  return (STATUSES as readonly string[]).includes(status);
}

/** The event, as EventBridge would send it. */
export function endedExecutionEvent({ executionArn, status, endedAt }: EndedExecution): object {
  const stopDate = endedAt === undefined ? {} : { stopDate: Date.parse(endedAt) };
  return { detail: { executionArn, status, ...stopDate } };
}

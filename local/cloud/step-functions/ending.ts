// Ends an execution: its status, its last event, its timers, and word to whoever follows it. The interpreter ends
// executions with it.
import type { Clock } from '../../clock.ts';
import type { Log } from '../log.ts';
import type { Execution, ExecutionStatus } from '../state.ts';
import type { Timers } from '../timers.ts';
import { record } from './history.ts';

export interface Reason {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export type End = (execution: Execution, status: Exclude<ExecutionStatus, 'RUNNING'>, reason: Reason) => void;

interface EndingOptions {
  readonly announce: (execution: Execution) => void;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

const endings = {
  SUCCEEDED: ['ExecutionSucceeded', 'execution_succeeded'],
  FAILED: ['ExecutionFailed', 'execution_failed'],
  TIMED_OUT: ['ExecutionTimedOut', 'execution_timed_out'],
  ABORTED: ['ExecutionAborted', 'execution_aborted'],
} as const;

export function createEnding({ announce, clock, timers, log }: EndingOptions): End {
  return (execution, status, { error, cause }) => {
    execution.status = status;
    execution.stopDate = clock.now();
    if (error) execution.error = error;
    if (cause) execution.cause = cause;
    delete execution.current;
    timers.drop(({ subject }) => subject === execution.arn);
    const [type, event] = endings[status];
    const { output } = execution;
    record(execution, execution.stopDate, type, { output, error: execution.error, cause: execution.cause });
    log({ source: 'states', event, execution: execution.name, ...(error && { error }) });
    announce(execution);
  };
}

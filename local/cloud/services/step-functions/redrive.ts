// Tells whether an execution can be redriven, and if not, why, in the words of AWS. The API's operations and the
// EventBridge events use it.
import type { Execution } from '../../core/state.ts';
import { historyLimit } from './history.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
const REDRIVE_PERIOD_MS = 14 * 86_400_000;

export function whyNotRedrivable(execution: Execution, now: number): string | undefined {
  const { status, stopDate = 0 } = execution;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  if (historyLimit(execution)) return 'Execution history event limit exceeded';
  return now - stopDate > REDRIVE_PERIOD_MS ? 'Execution redrivable period exceeded' : undefined;
}

export function redriveStatus(execution: Execution, now: number) {
  const redriveStatusReason = whyNotRedrivable(execution, now);
  return { redriveStatus: redriveStatusReason ? 'NOT_REDRIVABLE' : 'REDRIVABLE', redriveStatusReason };
}

// Whether an execution may be redriven, in the words of the API, and what there is to say of its redrives. The API and
// the events say it.
import type { Execution } from '../../core/state.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
const REDRIVABLE_FOR = 14 * 86_400_000;

export function whyNotRedrivable({ status, stopDate = 0 }: Execution, now: number): string | undefined {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  return now - stopDate > REDRIVABLE_FOR ? 'Execution redrivable period exceeded' : undefined;
}

export function redriveStatus(execution: Execution, now: number) {
  const redriveStatusReason = whyNotRedrivable(execution, now);
  return { redriveStatus: redriveStatusReason ? 'NOT_REDRIVABLE' : 'REDRIVABLE', redriveStatusReason };
}

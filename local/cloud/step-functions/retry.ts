// Which retrier or catcher an error meets, and how long a retry waits. The interpreter asks when a state fails.
import { randomInt } from 'node:crypto';
import type { Retrier } from './definition.ts';

/** The wildcards: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export function matchesError(names: readonly string[], error: string): boolean {
  if (error === 'States.Runtime') return false;
  if (names.includes(error)) return true;
  if (error === 'States.DataLimitExceeded') return false;
  if (names.includes('States.ALL')) return true;
  return names.includes('States.TaskFailed') && error !== 'States.Timeout';
}

/** Milliseconds until the retry after so many others, or undefined if this retrier has done its part. */
export function retryDelay(retrier: Retrier, retriesBefore: number): number | undefined {
  const {
    IntervalSeconds = 1,
    MaxAttempts = 3,
    BackoffRate = 2,
    MaxDelaySeconds = Infinity,
    JitterStrategy,
  } = retrier;
  if (retriesBefore >= MaxAttempts) return undefined;
  const delay = Math.min(IntervalSeconds * BackoffRate ** retriesBefore, MaxDelaySeconds) * 1000;
  return JitterStrategy === 'FULL' ? randomInt(Math.floor(delay) + 1) : delay;
}

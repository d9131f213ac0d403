// Finds the retrier or catcher that matches an error, and the delay before a retry. The interpreter calls it when a
// state fails.
import { randomInt } from 'node:crypto';
import type { Retrier } from './definition.ts';

/**
 * Applies the wildcards `States.ALL` and `States.TaskFailed`:
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function matchesError(names: readonly string[], error: string | undefined): boolean {
  if (error === 'States.Runtime') return false;
  if (error !== undefined && names.includes(error)) return true;
  if (error === 'States.DataLimitExceeded') return false;
  if (names.includes('States.ALL')) return true;
  return names.includes('States.TaskFailed') && error !== 'States.Timeout';
}

/**
 * Milliseconds until the next retry. Undefined if no retrier matches, or the first that matches has no retries left.
 * @param counts number of retries of each retrier, by its index; the function increases the matching count
 */
export function nextRetry(
  retriers: readonly Retrier[],
  counts: number[],
  error: string | undefined,
): number | undefined {
  const place = retriers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, error));
  const retrier = retriers[place];
  const before = counts[place] ?? 0;
  if (!retrier || before >= (retrier.MaxAttempts ?? 3)) return undefined;
  counts[place] = before + 1;
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, JitterStrategy } = retrier;
  const delay = Math.min(IntervalSeconds * BackoffRate ** before, MaxDelaySeconds) * 1000;
  return JitterStrategy === 'FULL' ? randomInt(Math.floor(delay) + 1) : delay;
}

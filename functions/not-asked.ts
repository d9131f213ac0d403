// Chooses the log event of a request that nobody was asked to decide. It raises an alarm if the execution waited until
// the deadline, but not if the execution ended before. request-approval calls it.
import type { Approval } from '../domain/approval.ts';

/**
 * @param stored undefined if the request was never stored
 * @param deadline ISO 8601; undefined if the request is invalid
 * @param waitedUntil the end of the execution, or the current time if it is still running, ISO 8601
 */
export function notAskedEvent(
  stored: Pick<Approval, 'ts' | 'decision'> | undefined,
  deadline: string | undefined,
  waitedUntil = '',
): 'approval_not_asked' | 'approval_not_asked_in_time' {
  // People can decide in Home even if the message could not be posted.
  const wasAsked = stored?.ts !== undefined || stored?.decision !== undefined;
  const hasExpired = deadline !== undefined && deadline <= waitedUntil;
  return hasExpired && !wasAsked ? 'approval_not_asked_in_time' : 'approval_not_asked';
}

// Requeues a message whose work failed, if a retry may succeed and the message is not too old. The queue handler calls
// it for each failed message.
import type { Log } from '../aws/log.ts';
import type { RateLimit, RateLimiter } from '../aws/rate-limiter-table.ts';
import { failureFields, retryAfter } from '../slack/slack-errors.ts';
import { RateLimited, SlotNotReady } from './acquire-slot.ts';
import { classifyError } from './classify-error.ts';
import { executionOf, type QueueMessage } from './queue-message.ts';
import type { Requeue } from './requeue.ts';

export interface RetryOptions {
  /** If undefined, failed messages are not requeued, and only the queue delivers them again. */
  readonly requeue?: Requeue;
  readonly rateLimiter?: RateLimiter;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Maximum age of a message that is requeued. The queue moves older messages to its dead-letter queue, which raises an
 * alarm, because an outage of this length needs an operator.
 */
const MAX_RETRY_AGE_MS = 12 * 60 * 60_000;

/** Messages that Slack rate-limited are spread over this many slots, so that they do not all return at once. */
const JITTER_SLOTS = 15;

/**
 * @param lastLimit the limit of which the message last acquired a slot, which it does right before each call to Slack
 * @returns false if the message was not requeued, so the queue must deliver it again
 */
export async function requeueMessage(
  error: unknown,
  message: QueueMessage,
  lastLimit: RateLimit | undefined,
  options: RetryOptions,
): Promise<boolean> {
  const { requeue, now, log } = options;
  const result = classifyError(error);
  const ageMs = now().getTime() - message.firstSentAt;
  if (!requeue || result.kind === 'fail' || ageMs > MAX_RETRY_AGE_MS) return false;
  const seconds = result.kind === 'outage' ? outagePauseSeconds(ageMs) : result.afterSeconds;
  const reservations = await reservationsAfter(error, message, lastLimit, options);
  await requeue({ ...message, reservations }, seconds);
  // Waiting for a slot is normal, and is not logged.
  if (!(error instanceof SlotNotReady)) {
    // An old message that is requeued raises an alarm, unless it waits for a rate limit, which may take long.
    const rateLimited = retryAfter(error) !== undefined;
    const ageSeconds = Math.round(ageMs / 1_000);
    const fields = { seconds, ageSeconds, rateLimited, ...failureFields(error) };
    log('message_requeued', { ...executionOf(message), ...fields });
  }
  return true;
}

/** A tenth of the message's age, from a minute to a quarter of an hour: about 70 tries in twelve hours. */
function outagePauseSeconds(ageMs: number): number {
  return Math.round(Math.min(Math.max(ageMs / 10_000, 60), 900));
}

/**
 * The slots with which the message is requeued. If its slot is in the future, the message keeps its slots. If Slack
 * rate-limited a call, the message gets a new slot of that call's limit. After any other error it gets no slots,
 * because the old ones will have passed at the next try.
 */
async function reservationsAfter(
  error: unknown,
  { reservations }: QueueMessage,
  lastLimit: RateLimit | undefined,
  { rateLimiter, now }: RetryOptions,
): Promise<QueueMessage['reservations']> {
  if (error instanceof SlotNotReady) return reservations;
  const isNamed = error instanceof RateLimited;
  const seconds = isNamed ? error.retryAfterSeconds : retryAfter(error);
  if (seconds === undefined || !rateLimiter) return {};
  const limit = isNamed ? error.limit : lastLimit;
  if (!limit) return reservations;
  // Slack refused the call, so nobody gets a slot until Slack accepts calls again. This message was first in line, so it
  // gets a random slot soon after that time, and not one behind all waiting messages.
  const until = now().getTime() + seconds * 1_000;
  await rateLimiter.pauseUntil(limit, new Date(until));
  return { ...reservations, [limit.name]: until + Math.random() * limit.intervalMs * JITTER_SLOTS };
}

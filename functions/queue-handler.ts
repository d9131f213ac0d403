// Creates the handler of a function behind a queue; every such function calls it. Each message of a batch is handled
// alone, and is requeued if its rate-limit slot is later or if a retry may succeed.
import type { Context, SQSBatchResponse } from 'aws-lambda';
import type { Log } from '../aws/log.ts';
import type { RateLimit, RateLimiter } from '../aws/rate-limiter-table.ts';
import { RetryLater } from '../aws/retry-later.ts';
import { failureFields, retryAfter } from '../slack/slack-errors.ts';
import { classifyError } from './classify-error.ts';
import { type QueueMessage, readMessage, type ReceivedRecord } from './queue-message.ts';
import type { Requeue } from './requeue.ts';

/** Returns if the message has a slot of the limit now. Throws {@link SlotNotReady} if its slot is later. */
export type Acquire = (limit: RateLimit) => Promise<void>;

/** What the handler of a message gets in addition to the body. */
export interface Delivery extends Pick<QueueMessage, 'firstSentAt'> {
  readonly acquire: Acquire;
}

/** @param body parsed as JSON */
export type RecordHandler = (body: unknown, delivery: Delivery) => Promise<void>;

export interface QueueHandlerOptions {
  readonly work: RecordHandler;
  /** Without it, failed messages are only retried by the queue. */
  readonly requeue?: Requeue;
  readonly rateLimiter?: RateLimiter;
  readonly now: () => Date;
  readonly log: Log;
}

/** The slot that the message reserved is in the future. */
export class SlotNotReady extends RetryLater {
  override readonly name = 'SlotNotReady';
  readonly limit: string;
  /** Milliseconds since the epoch. */
  readonly slot: number;

  constructor(limit: string, slot: number, now: Date) {
    super(`The slot of ${limit} is at ${new Date(slot).toISOString()}.`, (slot - now.getTime()) / 1_000);
    this.limit = limit;
    this.slot = slot;
  }
}

/**
 * Messages that are older are not requeued. The queue then moves them to its dead-letter queue, which raises an alarm,
 * because an outage of this length needs an operator.
 */
const MAX_RETRY_AGE_MS = 12 * 60 * 60_000;

/** Maximum time for one record: four calls to Slack that time out. */
const MIN_REMAINING_MS = 13_000;

/** Messages that Slack rate-limited are spread over this many slots, so that they do not all return at once. */
const JITTER_SLOTS = 15;

/** Handles records one after the other, because Slack accepts about one message a second in a channel. */
export function createQueueHandler(options: QueueHandlerOptions) {
  return async (
    { Records }: { readonly Records: readonly ReceivedRecord[] },
    context?: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const record of Records) {
      // Do not start a record we may not finish: a timeout returns the whole batch, including records already requeued.
      const hasTime = !context || context.getRemainingTimeInMillis() >= MIN_REMAINING_MS;
      if (!hasTime || !(await handleRecord(record, options))) failed.push(record.messageId);
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** Returns false if the queue must deliver the record again. */
async function handleRecord(record: ReceivedRecord, options: QueueHandlerOptions): Promise<boolean> {
  const { work, rateLimiter, now, log } = options;
  const message = readMessage(record);
  const used: RateLimit[] = [];
  const acquire: Acquire = async (limit) => {
    if (!rateLimiter) return;
    used.push(limit);
    const slot = message.reservations[limit.name] ?? (await rateLimiter.reserve(limit, now())).getTime();
    if (slot > now().getTime()) throw new SlotNotReady(limit.name, slot, now());
  };
  try {
    await work(JSON.parse(message.body), { firstSentAt: message.firstSentAt, acquire });
    return true;
  } catch (error) {
    try {
      if (await requeueIfTransient(error, message, used, options)) return true;
    } catch (requeueError) {
      log('requeue_failed', { messageId: record.messageId, ...failureFields(requeueError) });
    }
    log('record_failed', { messageId: record.messageId, ...failureFields(error) });
    return false;
  }
}

async function requeueIfTransient(
  error: unknown,
  message: QueueMessage,
  used: readonly RateLimit[],
  options: QueueHandlerOptions,
): Promise<boolean> {
  const { requeue, now, log } = options;
  const result = classifyError(error);
  const isTooOld = now().getTime() - message.firstSentAt > MAX_RETRY_AGE_MS;
  if (!requeue || result.kind === 'fail' || isTooOld) return false;
  const reservations = await reservationsAfter(error, message, used, options);
  await requeue({ ...message, reservations }, result.afterSeconds);
  // Waiting for a slot is normal, and is not logged.
  if (!(error instanceof SlotNotReady))
    log('message_requeued', { seconds: result.afterSeconds, ...failureFields(error) });
  return true;
}

/** The slots that the requeued message keeps. After an outage it keeps none, because its slots will have passed. */
async function reservationsAfter(
  error: unknown,
  { reservations }: QueueMessage,
  used: readonly RateLimit[],
  { rateLimiter, now }: QueueHandlerOptions,
): Promise<QueueMessage['reservations']> {
  if (error instanceof SlotNotReady) return { ...reservations, [error.limit]: error.slot };
  const seconds = retryAfter(error);
  if (seconds === undefined || !rateLimiter) return {};
  // Slack rate-limited the message although it had a slot. Its new slot is soon after the pause, and before later
  // reservations.
  const until = now().getTime() + seconds * 1_000;
  for (const limit of used) await rateLimiter.pauseUntil(limit, new Date(until));
  return Object.fromEntries(
    used.map(({ name, intervalMs }) => [name, until + Math.random() * intervalMs * JITTER_SLOTS]),
  );
}

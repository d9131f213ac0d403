// The handler of a function behind a queue: each record of a batch is handled alone, waits for its slots of rate limits in the
// queue, and is requeued where retrying later helps. Every such function is made with it.
import type { Context, SQSBatchResponse } from 'aws-lambda';
import type { Log } from '../aws/log.ts';
import type { RateLimit, RateLimiter } from '../aws/rate-limiter-table.ts';
import { RetryLater } from '../aws/retry-later.ts';
import { failureFields, retryAfter } from '../slack/slack-errors.ts';
import { classifyError } from './classify-error.ts';
import { type QueueMessage, readMessage, type ReceivedRecord } from './queue-message.ts';
import type { Requeue } from './requeue.ts';

/** Goes on if this message has a slot of the limit by now. Throws {@link SlotNotReady} if its slot is later. */
export type Acquire = (limit: RateLimit) => Promise<void>;

/** What a message brings to the work beside its body. */
export interface Delivery extends Pick<QueueMessage, 'firstSentAt'> {
  readonly acquire: Acquire;
}

/** @param body parsed as JSON */
export type RecordHandler = (body: unknown, delivery: Delivery) => Promise<void>;

export interface QueueHandlerOptions {
  readonly work: RecordHandler;
  /** Without it, failed records are retried by the queue alone. */
  readonly requeue?: Requeue;
  readonly rateLimiter?: RateLimiter;
  readonly now: () => Date;
  readonly log: Log;
}

/** The slot of this message is later. */
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
 * How long a message is requeued. Outages that pass without help are shorter; afterwards the queue counts receives, and the
 * message ends as a dead letter with an alarm.
 */
const MAX_RETRY_AGE_MS = 12 * 60 * 60_000;

/** The longest that one record may take: four calls of a Slack that hangs. */
const MIN_REMAINING_MS = 13_000;

/** Messages that Slack limited are spread over this many slots, so that they do not all come back at once. */
const JITTER_SLOTS = 15;

/** Handles the oldest record first, one after the other: Slack takes about one message a second in a channel. */
export function createQueueHandler(options: QueueHandlerOptions) {
  return async (
    { Records }: { readonly Records: readonly ReceivedRecord[] },
    context?: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const record of Records) {
      // Do not start a record we may not finish: a timeout returns the whole batch, including records already requeued.
      const inTime = !context || context.getRemainingTimeInMillis() >= MIN_REMAINING_MS;
      if (!inTime || !(await handled(record, options))) failed.push(record.messageId);
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** False if the queue must deliver the record again. */
async function handled(record: ReceivedRecord, options: QueueHandlerOptions): Promise<boolean> {
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
      if (await requeued(error, message, used, options)) return true;
    } catch (requeueError) {
      log('requeue_failed', { messageId: record.messageId, ...failureFields(requeueError) });
    }
    log('record_failed', { messageId: record.messageId, ...failureFields(error) });
    return false;
  }
}

async function requeued(
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
  // Waiting for a slot is the normal course of a message.
  if (!(error instanceof SlotNotReady))
    log('message_requeued', { seconds: result.afterSeconds, ...failureFields(error) });
  return true;
}

/** The slots that the message keeps. After an outage it reserves again: the slots that it had are past by then. */
async function reservationsAfter(
  error: unknown,
  { reservations }: QueueMessage,
  used: readonly RateLimit[],
  { rateLimiter, now }: QueueHandlerOptions,
): Promise<QueueMessage['reservations']> {
  if (error instanceof SlotNotReady) return { ...reservations, [error.limit]: error.slot };
  const seconds = retryAfter(error);
  if (seconds === undefined || !rateLimiter) return {};
  // Slack limited it in spite of its slot. It keeps its place, roughly; callers that reserve from now on get later slots.
  const until = now().getTime() + seconds * 1_000;
  for (const limit of used) await rateLimiter.pauseUntil(limit, new Date(until));
  return Object.fromEntries(
    used.map(({ name, intervalMs }) => [name, until + Math.random() * intervalMs * JITTER_SLOTS]),
  );
}

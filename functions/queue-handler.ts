// Creates the Lambda handler of every function behind a queue. The handler processes each message of a batch
// separately. It requeues a message if its rate-limit slot is in the future, or if a retry may succeed.
import type { Context, SQSBatchResponse } from 'aws-lambda';
import type { RateLimit, SharedLimit } from '../aws/rate-limiter-table.ts';
import { failureFields } from '../slack/slack-errors.ts';
import { acquireSlot } from './acquire-slot.ts';
import { executionOf, type QueueMessage, readMessage, type ReceivedRecord } from './queue-message.ts';
import { requeueMessage, type RetryOptions } from './retry-message.ts';

/**
 * Reserves a slot of the rate limit: a time at which the message may call Slack. Resolves if that time has come. A
 * requeued message keeps the slot that it reserved.
 * @throws SlotNotReady if that time is in the future
 */
export type Acquire = (limit: RateLimit | SharedLimit) => Promise<void>;

/** What the handler of a message gets in addition to the body. */
export interface Delivery extends Pick<QueueMessage, 'firstSentAt'> {
  readonly acquire: Acquire;
}

/** @param body parsed as JSON */
export type RecordHandler = (body: unknown, delivery: Delivery) => Promise<void>;

export interface QueueHandlerOptions extends RetryOptions {
  readonly work: RecordHandler;
}

/**
 * A record is started only if this much time is left: four calls to Slack may time out after 3 seconds each, and the
 * lookup of names after 2 seconds.
 */
const MIN_REMAINING_MS = 15_000;

/** Handles records one after the other, because Slack accepts about one message a second in a channel. */
export function createQueueHandler(options: QueueHandlerOptions) {
  return async (
    { Records }: { readonly Records: readonly ReceivedRecord[] },
    context?: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const record of Records) {
      // Do not start a record that may not finish in time: after a timeout, SQS delivers the whole batch again,
      // including records that were already requeued.
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
  const reservations = { ...message.reservations };
  let lastLimit: RateLimit | undefined;
  const acquire: Acquire = async (limit) => {
    if (!rateLimiter) return;
    lastLimit = 'within' in limit ? limit.within : limit;
    await acquireSlot(limit, reservations, rateLimiter, now);
  };
  try {
    await work(JSON.parse(message.body), { firstSentAt: message.firstSentAt, acquire });
    return true;
  } catch (error) {
    const named = { messageId: record.messageId, ...executionOf(message) };
    try {
      if (await requeueMessage(error, { ...message, reservations }, lastLimit, options)) return true;
    } catch (requeueError) {
      log('requeue_failed', { ...named, ...failureFields(requeueError) });
    }
    log('record_failed', { ...named, ...failureFields(error) });
    return false;
  }
}

// The event that SQS sends to a function. Called by the tests of these functions.
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { RateLimiter } from '../../aws/rate-limiter-table.ts';
import type { FirstAttempt } from '../../aws/scheduled-attempts.ts';
import type { Delivery } from '../../functions/queue-handler.ts';

/** Records with the ids m1, m2 …, sent at the start of 2026. */
export function queueEvent(...bodies: readonly string[]): SQSEvent {
  return queueEventSentAt(Date.parse('2026-01-01T00:00:00Z'), ...bodies);
}

/** @param sentAt milliseconds since the epoch */
export function queueEventSentAt(sentAt: number, ...bodies: readonly string[]): SQSEvent {
  return {
    Records: bodies.map((body, at): SQSRecord => ({
      messageId: `m${at + 1}`,
      body,
      receiptHandle: '',
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: '',
      awsRegion: '',
      messageAttributes: {},
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(sentAt),
        SenderId: '',
        ApproximateFirstReceiveTimestamp: '',
      },
    })),
  };
}

/** A delivery whose slots are free at once. */
export const delivered: Delivery = {
  firstSentAt: Date.parse('2026-12-31T00:00:00Z'),
  acquire: async () => {},
};

/** Every slot is free at once. */
export const unlimited: RateLimiter = {
  reserve: async (_limit, now) => now,
  tryReserve: async () => true,
  pauseUntil: async () => {},
};

/** A history that contains every message, of a state that was not retried. */
export async function firstAttemptOf(_executionArn: string, message: unknown): Promise<FirstAttempt> {
  const { TaskToken } = { TaskToken: '', ...(typeof message === 'object' ? message : {}) };
  return { taskToken: TaskToken, waitsAgainSince: undefined };
}

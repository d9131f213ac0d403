// The event that SQS sends to a function. Called by the tests of these functions.
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { Pace } from '../../aws/rate-limiter-table.ts';
import type { Delivered } from '../../functions/rate-limiter.ts';

/** Records with the ids m1, m2 …, sent at the start of 2026. */
export function queueEvent(...bodies: readonly string[]): SQSEvent {
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
        SentTimestamp: String(Date.parse('2026-01-01T00:00:00Z')),
        SenderId: '',
        ApproximateFirstReceiveTimestamp: '',
      },
    })),
  };
}

/** What such a message brings along, where it is its turn at once. */
export const delivered: Delivered = {
  firstSentAt: Date.parse('2026-12-31T00:00:00Z'),
  inTurn: async () => {},
};

/** It is everybody's turn at once. */
export const unhurried: Pace = { turn: async (_lane, now) => now, holdBack: async () => {} };

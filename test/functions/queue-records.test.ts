import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { expect, it } from 'vitest';
import { eachRecord } from '../../functions/queue-records.ts';

const batch = (...bodies: readonly string[]): SQSEvent => ({
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
      SentTimestamp: '',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
  })),
});

it('gives back the record that failed alone, having done its neighbours in order', async () => {
  const done: unknown[] = [];
  const logged: unknown[] = [];
  const handler = eachRecord(
    async (body) => {
      if (body === 'bad') throw new Error('secret details stay in the message');
      done.push(body);
    },
    (event, fields) => void logged.push({ event, ...fields }),
  );
  expect(await handler(batch('1', '"bad"', 'no JSON', '4'))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
  });
  expect(done).toEqual([1, 4]);
  expect(logged).toMatchObject([
    { event: 'record_failed', messageId: 'm2', error: 'Error' },
    { event: 'record_failed', messageId: 'm3', error: 'SyntaxError' },
  ]);
});

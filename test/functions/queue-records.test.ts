import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { expect, it } from 'vitest';
import { eachRecord } from '../../functions/queue-records.ts';
import { withinRate } from '../../functions/within-rate.ts';

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

it('puts back for as long as Slack says what it did not take for mere rate; anything else fails', async () => {
  const putBack: unknown[] = [];
  const limited = Object.assign(new Error('wait'), {
    code: 'slack_webapi_rate_limited_error',
    retryAfter: 30,
  });
  const work = withinRate(
    async (body) => {
      if (body === 'much') throw limited;
      if (body === 'bad') throw new Error('bad');
    },
    async (body, seconds) => void putBack.push({ body, seconds }),
    () => {},
  );
  expect(await eachRecord(work, () => {})(batch('"much"', '"bad"', '"good"'))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm2' }],
  });
  expect(putBack).toEqual([{ body: 'much', seconds: 30 }]);
});

it('says in the log what an operator must do where only they can mend what Slack refused', async () => {
  const logged: unknown[] = [];
  const refused = (error: string) =>
    Object.assign(new Error(`An API error occurred: ${error}`), {
      code: 'slack_webapi_platform_error',
      data: { ok: false, error },
    });
  const handler = eachRecord(
    async (body) => {
      throw refused(String(body));
    },
    (_, fields) => void logged.push(fields),
  );
  await handler(batch('"not_in_channel"', '"fatal_error"'));
  expect(logged).toEqual([
    expect.objectContaining({ todo: 'Invite the bot to the channel: /invite @Countersign.' }),
    expect.not.objectContaining({ todo: expect.anything() }),
  ]);
});

import { expect, it } from 'vitest';
import { eachRecord } from '../../functions/sqs-batch.ts';
import { orPutBack, type PutBackDependencies } from '../../functions/requeue.ts';
import { queueEvent } from '../support/queue-event.ts';

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
  expect(await handler(queueEvent('1', '"bad"', 'no JSON', '4'))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
  });
  expect(done).toEqual([1, 4]);
  expect(logged).toMatchObject([
    { event: 'record_failed', messageId: 'm2', error: 'Error' },
    { event: 'record_failed', messageId: 'm3', error: 'SyntaxError' },
  ]);
});

/** What is thrown at each body of that name. */
const thrown: Readonly<Record<string, Error>> = {
  much: Object.assign(new Error('wait'), { code: 'slack_webapi_rate_limited_error', retryAfter: 30 }),
  'Slack is down': Object.assign(new Error('500'), { code: 'slack_webapi_http_error', statusCode: 500 }),
  'Slack fails': Object.assign(new Error('fatal'), {
    code: 'slack_webapi_platform_error',
    data: { ok: false, error: 'fatal_error' },
  }),
  'the table is busy': Object.assign(new Error('conflict'), {
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 400 },
  }),
  'not allowed': Object.assign(new Error('no'), {
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 400 },
  }),
  bad: new Error('bad'),
};

const sentAt = Date.parse('2026-01-01T00:00:00Z');

async function deliver(hoursLater: number, putBack: PutBackDependencies['putBack']) {
  const work = orPutBack(
    async (body) => {
      const error = thrown[String(body)];
      if (error) throw error;
    },
    { putBack, now: () => new Date(sentAt + hoursLater * 3_600_000), log: () => {} },
  );
  const bodies = [...Object.keys(thrown), 'good'].map((body) => JSON.stringify(body));
  const { batchItemFailures } = await eachRecord(work, () => {})(queueEvent(...bodies));
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

it('puts back what passes by itself, for as long as Slack says or a minute; anything else fails', async () => {
  const putBack: unknown[] = [];
  const failed = await deliver(11, async ({ body, firstSentAt }, seconds) => {
    putBack.push([JSON.parse(body), seconds]);
    expect(firstSentAt).toBe(sentAt);
  });
  expect(putBack).toEqual([
    ['much', 30],
    ['Slack is down', 60],
    ['Slack fails', 60],
    ['the table is busy', 60],
  ]);
  expect(failed).toEqual(['m5', 'm6']);
});

it('lets the queue count the tries of what was put back for half a day, so that somebody hears of it', async () => {
  const failed = await deliver(13, async () => expect.unreachable());
  expect(failed).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
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
  await handler(queueEvent('"not_in_channel"', '"fatal_error"'));
  expect(logged).toEqual([
    expect.objectContaining({ remedy: 'Invite the bot to the channel: /invite @Countersign.' }),
    expect.not.objectContaining({ remedy: expect.anything() }),
  ]);
});

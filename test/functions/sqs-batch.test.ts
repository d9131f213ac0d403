import { describe, expect, it } from 'vitest';
import { eachRecord } from '../../functions/sqs-batch.ts';
import { orPutBack, type PutBackDependencies } from '../../functions/requeue.ts';
import { queueEvent } from '../support/queue-event.ts';

describe('SQS batch', () => {
  it('returns only the failed records and handles the others in order', async () => {
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
    'the table is busy': Object.assign(new Error('busy'), {
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

  it('requeues transient failures after the delay Slack gives or a minute, and fails the others', async () => {
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

  it('stops requeueing after half a day, so that the queue moves the record to the dead letters', async () => {
    const failed = await deliver(13, async () => expect.unreachable());
    expect(failed).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
  });

  it('logs a remedy if only an operator can fix what Slack refused', async () => {
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
      expect.objectContaining({ todo: 'Invite the bot to the channel: /invite @Countersign.' }),
      expect.not.objectContaining({ todo: expect.anything() }),
    ]);
  });
});

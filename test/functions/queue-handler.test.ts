import { describe, expect, it } from 'vitest';
import { createQueueHandler, type RecordHandler } from '../../functions/queue-handler.ts';
import type { Requeue } from '../../functions/requeue.ts';
import { limitedBy, SlotNotReady } from '../../functions/acquire-slot.ts';
import type { RateLimiter } from '../../aws/rate-limiter-table.ts';
import { RetryLater } from '../../aws/retry-later.ts';
import { queueEvent, unlimited } from '../support/queue-event.ts';

describe('queue handler', () => {
  it('returns only the failed records and handles the others in order', async () => {
    const done: unknown[] = [];
    const logged: unknown[] = [];
    const handler = createQueueHandler({
      work: async (body) => {
        if (body === 'bad') throw new Error('secret details stay in the message');
        done.push(body);
      },
      now: () => new Date(sentAt),
      log: (event, fields) => void logged.push({ event, ...fields }),
    });
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
    'another worker holds the lease': new RetryLater('held'),
    'not allowed': Object.assign(new Error('no'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    }),
    bad: new Error('bad'),
  };

  const sentAt = Date.parse('2026-01-01T00:00:00Z');

  async function deliver(hoursLater: number, requeue: Requeue): Promise<readonly string[]> {
    const handler = createQueueHandler({
      work: async (body) => {
        const error = thrown[String(body)];
        if (error) throw error;
      },
      requeue,
      now: () => new Date(sentAt + hoursLater * 3_600_000),
      log: () => {},
    });
    const bodies = [...Object.keys(thrown), 'good'].map((body) => JSON.stringify(body));
    const { batchItemFailures } = await handler(queueEvent(...bodies));
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  it.each([
    ['a minute', 0, 60],
    ['a minute', 10 / 60, 60],
    ['a tenth of its age', 1, 360],
    ['a quarter of an hour', 11, 900],
  ])(
    'requeues after the delay Slack gives or, in an outage, after %s: %d hours old',
    async (_, hours, pause) => {
      const requeued: unknown[] = [];
      const failed = await deliver(hours, async ({ body, firstSentAt }, seconds) => {
        requeued.push([JSON.parse(body), seconds]);
        expect(firstSentAt).toBe(sentAt);
      });
      expect(requeued).toEqual([
        ['much', 30],
        ['Slack is down', pause],
        ['Slack fails', pause],
        ['the table is busy', pause],
        ['another worker holds the lease', 60],
      ]);
      expect(failed).toEqual(['m6', 'm7']);
    },
  );

  it('stops requeueing after twelve hours, so that the queue moves the record to the dead letters', async () => {
    const failed = await deliver(13, async () => expect.unreachable());
    expect(failed).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']);
  });

  it('fails the record, and logs why, if the message cannot be requeued', async () => {
    const failed = await deliver(1, async () => {
      throw new Error('SQS is down');
    });
    expect(failed).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']);
  });

  const LIMIT = { name: 'test', intervalMs: 1_000, burst: 1 };

  /** Delivers one message whose work needs a slot, with these reservations of an earlier delivery. */
  async function deliverWithSlot(
    rateLimiter: RateLimiter,
    attributes: Readonly<Record<string, string>> = {},
    work: RecordHandler = async (_, { acquire }) => acquire(LIMIT),
    hoursLater = 0,
  ) {
    const requeued: (readonly [Readonly<Record<string, number>>, number])[] = [];
    const handler = createQueueHandler({
      work,
      rateLimiter,
      requeue: async ({ reservations }, seconds) => void requeued.push([reservations, seconds]),
      now: () => new Date(sentAt + hoursLater * 3_600_000),
      log: () => {},
    });
    const [record] = queueEvent('1').Records;
    const messageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: 'Number', stringValue }]),
    );
    if (!record) throw new Error('There is no record.');
    const { batchItemFailures } = await handler({ Records: [{ ...record, messageAttributes }] });
    return { requeued, failed: batchItemFailures.length };
  }

  it('requeues a message until its slot, and keeps the slot', async () => {
    const slot = sentAt + 90_000;
    const limiter = { ...unlimited, reserve: async () => new Date(slot) };
    expect(await deliverWithSlot(limiter)).toEqual({ requeued: [[{ test: slot }, 90]], failed: 0 });
  });

  it('uses the slot that an earlier delivery reserved', async () => {
    const limiter = { ...unlimited, reserve: async () => expect.unreachable() };
    const reserved = { 'slot-test': String(sentAt) };
    expect(await deliverWithSlot(limiter, reserved)).toEqual({ requeued: [], failed: 0 });
  });

  it('pauses the limit and spreads the messages that Slack limited in spite of their slots', async () => {
    const paused: unknown[] = [];
    const limiter: RateLimiter = {
      ...unlimited,
      pauseUntil: async ({ name }, until) => void paused.push([name, until.getTime()]),
    };
    const { requeued, failed } = await deliverWithSlot(limiter, {}, async (_, { acquire }) => {
      await acquire(LIMIT);
      throw thrown['much'];
    });
    expect(paused).toEqual([['test', sentAt + 30_000]]);
    expect(failed).toBe(0);
    const [reservations, seconds] = requeued[0] ?? [];
    expect(seconds).toBe(30);
    expect(reservations?.['test']).toBeGreaterThanOrEqual(sentAt + 30_000);
    expect(reservations?.['test']).toBeLessThan(sentAt + 45_000);
  });

  it('keeps the place in line of a message that Slack limited', async () => {
    const shared = { ...LIMIT, within: { ...LIMIT, name: 'all' } };
    const paused: string[] = [];
    const limiter = {
      ...unlimited,
      pauseUntil: async ({ name }: { name: string }) => void paused.push(name),
    };
    const { requeued } = await deliverWithSlot(
      limiter,
      { 'slot-test': String(sentAt) },
      async (_, delivery) => {
        await delivery.acquire(shared);
        throw thrown['much'];
      },
    );
    expect(paused).toEqual(['all']);
    expect(requeued).toEqual([[{ test: sentAt, all: expect.any(Number) }, 30]]);
  });

  it('fails a message that has waited for its slot for twelve hours', async () => {
    const limiter = { ...unlimited, reserve: async () => new Date(sentAt + 14 * 3_600_000) };
    expect(await deliverWithSlot(limiter, {}, undefined, 13)).toEqual({ requeued: [], failed: 1 });
  });

  it('spreads limited messages over the 15 slots after the pause', async () => {
    const delays: number[] = [];
    for (let count = 0; count < 50; count += 1) {
      const { requeued } = await deliverWithSlot(unlimited, {}, async (_, { acquire }) => {
        await acquire(LIMIT);
        throw thrown['much'];
      });
      delays.push((requeued[0]?.[0]['test'] ?? 0) - sentAt - 30_000);
    }
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...delays)).toBeLessThan(7_500);
    expect(Math.max(...delays)).toBeGreaterThan(7_500);
    expect(Math.max(...delays)).toBeLessThan(15_000);
  });

  it.each([
    ['the last limit', thrown['much'], ['posts'], { updates: sentAt, posts: expect.any(Number) }],
    [
      'the limit of the call that Slack refused',
      limitedBy({ ...LIMIT, name: 'updates' }, thrown['much']),
      ['updates'],
      { updates: expect.any(Number), posts: sentAt },
    ],
    [
      'no limit for a call without one',
      limitedBy(undefined, thrown['much']),
      [],
      { updates: sentAt, posts: sentAt },
    ],
  ])('pauses %s', async (_, error, expected, reservations) => {
    const paused: string[] = [];
    const limiter = {
      ...unlimited,
      pauseUntil: async ({ name }: { name: string }) => void paused.push(name),
    };
    const { requeued } = await deliverWithSlot(limiter, {}, async (_body, { acquire }) => {
      for (const name of ['updates', 'posts']) await acquire({ ...LIMIT, name });
      throw error;
    });
    expect(paused).toEqual(expected);
    expect(requeued).toEqual([[reservations, 30]]);
  });

  it('keeps the other slots of a message that waits for one', async () => {
    const slot = sentAt + 90_000;
    const limiter = { ...unlimited, reserve: async () => new Date(slot) };
    const { requeued } = await deliverWithSlot(limiter, { 'slot-other': String(sentAt) });
    expect(requeued).toEqual([[{ other: sentAt, test: slot }, 90]]);
  });

  it('gives up the slots of a message whose work fails for another reason', async () => {
    const reserved = { 'slot-test': String(sentAt) };
    const { requeued } = await deliverWithSlot(unlimited, reserved, async (_, { acquire }) => {
      await acquire(LIMIT);
      throw thrown['Slack is down'];
    });
    expect(requeued).toEqual([[{}, 60]]);
  });

  it('says which slot a message waits for', () => {
    const error = new SlotNotReady('test', sentAt + 1_500, new Date(sentAt));
    expect(error).toMatchObject({
      name: 'SlotNotReady',
      message: 'The slot of test is at 2026-01-01T00:00:01.500Z.',
      retryAfterSeconds: 1.5,
    });
  });

  it('waits for no slot if there is no rate limiter', async () => {
    const handler = createQueueHandler({
      work: async (_, { acquire }) => acquire(LIMIT),
      now: () => new Date(sentAt),
      log: () => {},
    });
    expect(await handler(queueEvent('1'))).toEqual({ batchItemFailures: [] });
  });

  it('requeues for exactly twelve hours', async () => {
    const requeued: unknown[] = [];
    await deliver(12, async ({ body }) => void requeued.push(body));
    expect(requeued).toHaveLength(5);
  });

  it('starts no record with less than 15 seconds left, so that a timeout does not return the whole batch', async () => {
    const done: unknown[] = [];
    const handler = createQueueHandler({
      work: async (body) => void done.push(body),
      now: () => new Date(sentAt),
      log: () => {},
    });
    const left = [15_001, 15_000, 14_999];
    const context = { getRemainingTimeInMillis: () => left.shift() ?? 0 };
    expect(await handler(queueEvent('1', '2', '3', '4'), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm3' }, { itemIdentifier: 'm4' }],
    });
    expect(done).toEqual([1, 2]);
  });

  it('logs what it requeues and what it cannot requeue, but no wait for a slot', async () => {
    const logged: unknown[] = [];
    const handle = (requeue: Requeue) =>
      createQueueHandler({
        work: async (body, { acquire }) =>
          body === 'waits' ? acquire(LIMIT) : Promise.reject(thrown['much']),
        rateLimiter: { ...unlimited, reserve: async () => new Date(sentAt + 1) },
        requeue,
        now: () => new Date(sentAt),
        log: (event, fields) => void logged.push({ event, ...fields }),
      })(queueEvent('"waits"', '"fails"'));
    await handle(async () => {});
    expect(logged).toMatchObject([{ event: 'message_requeued', seconds: 30, message: 'wait' }]);
    logged.length = 0;
    await handle(async () => {
      throw new Error('SQS is down');
    });
    expect(logged).toMatchObject([
      { event: 'requeue_failed', messageId: 'm1', message: 'SQS is down' },
      { event: 'record_failed', messageId: 'm1', error: 'SlotNotReady' },
      { event: 'requeue_failed', messageId: 'm2', message: 'SQS is down' },
      { event: 'record_failed', messageId: 'm2', message: 'wait' },
    ]);
  });

  it('logs how old the message is, and whether it only waits for the rate limit', async () => {
    const logged: unknown[] = [];
    const handler = createQueueHandler({
      work: async (body) => Promise.reject(thrown[String(body)]),
      requeue: async () => {},
      now: () => new Date(sentAt + 16 * 60_000),
      log: (event, fields) => void logged.push({ event, ...fields }),
    });
    await handler(queueEvent('"much"', '"Slack is down"', '"another worker holds the lease"'));
    expect(logged).toMatchObject([
      { event: 'message_requeued', ageSeconds: 960, rateLimited: true },
      { event: 'message_requeued', ageSeconds: 960, rateLimited: false },
      { event: 'message_requeued', ageSeconds: 960, rateLimited: false },
    ]);
  });

  const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:trading:AMZN-3f9c';

  it.each([
    ['a request', { ExecutionId: EXECUTION, TaskToken: 'token' }],
    ['a result of SNS', { Type: 'Notification', Message: JSON.stringify({ ExecutionId: EXECUTION }) }],
    ['an event of EventBridge', { detail: { executionArn: EXECUTION, input: '{}' } }],
    [
      'a result in an event',
      { detail: { input: JSON.stringify({ Message: JSON.stringify({ of: EXECUTION }) }) } },
    ],
  ])('names the execution of %s that fails', async (_, body) => {
    const logged: unknown[] = [];
    const handle = (name: string) =>
      createQueueHandler({
        work: async () => Promise.reject(thrown[name]),
        requeue: async () => {},
        now: () => new Date(sentAt),
        log: (event, fields) => void logged.push({ event, ...fields }),
      })(queueEvent(JSON.stringify(body)));
    await handle('Slack is down');
    await handle('bad');
    expect(logged).toMatchObject([
      { event: 'message_requeued', execution: 'AMZN-3f9c' },
      { event: 'record_failed', execution: 'AMZN-3f9c' },
    ]);
  });

  it('names no execution if a message names none', async () => {
    const logged: object[] = [];
    await createQueueHandler({
      work: async () => Promise.reject(thrown['bad']),
      now: () => new Date(sentAt),
      log: (event, fields) => void logged.push({ event, ...fields }),
    })(queueEvent('"bad"'));
    expect(logged).toEqual([expect.not.objectContaining({ execution: expect.anything() })]);
  });

  it('logs a remedy if only an operator can fix what Slack refused', async () => {
    const logged: unknown[] = [];
    const refused = (error: string) =>
      Object.assign(new Error(`An API error occurred: ${error}`), {
        code: 'slack_webapi_platform_error',
        data: { ok: false, error },
      });
    const handler = createQueueHandler({
      work: async (body) => {
        throw refused(String(body));
      },
      now: () => new Date(sentAt),
      log: (_, fields) => void logged.push(fields),
    });
    await handler(queueEvent('"not_in_channel"', '"fatal_error"'));
    expect(logged).toEqual([
      expect.objectContaining({ remedy: 'Invite the bot to the channel: /invite @Countersign.' }),
      expect.not.objectContaining({ remedy: expect.anything() }),
    ]);
  });
});

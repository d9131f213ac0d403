// Tests how requests and replies share the message rate of a channel, by simulated time: a queue, the queue handler, the
// rate limiter on its table, and the local Slack's limit of a message a second.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rateLimiterTable } from '../../aws/rate-limiter-table.ts';
import { createQueueHandler } from '../../functions/queue-handler.ts';
import { attributesOf, type QueueMessage } from '../../functions/queue-message.ts';
import { createRates } from '../../local/slack/store/rates.ts';
import { requestPosts, threadReplies } from '../../slack/rate-limits.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { queueEventSentAt } from '../support/queue-event.ts';

const START = Date.parse('2026-11-02T10:00:00.000Z');
const SECOND = 1_000;
const CHANNEL = 'C0TRADING';
/** Messages that Slack accepts at once after an idle time. */
const BURST = 20;

type Kind = 'request' | 'reply';
interface Arrival {
  readonly kind: Kind;
  /** Seconds after the start. */
  readonly at: number;
}

let tables: TestTables;

beforeEach(async () => {
  tables = await startTables();
});

afterEach(() => tables.close());

const many = (count: number, kind: Kind, at = 0): readonly Arrival[] =>
  Array.from({ length: count }, () => ({ kind, at }));

/** Delivers each message until it is posted. Returns when each was posted, in seconds after the start. */
async function post(arrivals: readonly Arrival[]) {
  let time = START;
  const now = () => new Date(time);
  const slack = createRates({ now: () => time });
  slack.keep(BURST);
  const sent = (kind: Kind, at: number): { at: number; message: QueueMessage } => ({
    at,
    message: { body: JSON.stringify(kind), firstSentAt: START, reservations: {} },
  });
  const queue = arrivals.map(({ kind, at }) => sent(kind, START + at * SECOND));
  const posted: (readonly [kind: Kind, at: number])[] = [];
  let [deliveries, refusals] = [0, 0];
  const handler = createQueueHandler({
    work: async (body, { acquire }) => {
      const kind: Kind = body === 'request' ? 'request' : 'reply';
      await acquire(kind === 'request' ? requestPosts(CHANNEL) : threadReplies(CHANNEL));
      const retryAfter = slack.tooEarly('chat.postMessage', CHANNEL);
      if (retryAfter !== undefined) {
        refusals += 1;
        throw Object.assign(new Error('wait'), { code: 'slack_webapi_rate_limited_error', retryAfter });
      }
      posted.push([kind, (time - START) / SECOND]);
    },
    rateLimiter: rateLimiterTable(tables.client, 'Approvals'),
    requeue: async (message, seconds) => {
      queue.push({ at: time + Math.ceil(seconds) * SECOND, message });
    },
    now,
    log: () => {},
  });
  while (queue.length > 0) {
    const next = queue.reduce((first, each) => (each.at < first.at ? each : first));
    queue.splice(queue.indexOf(next), 1);
    time = Math.max(time, next.at);
    const [record] = queueEventSentAt(START, next.message.body).Records;
    if (!record) throw new Error('There is no record.');
    const attributes = Object.entries(attributesOf(next.message)).map(
      ([name, value]) => [name, { dataType: 'Number', stringValue: String(value) }] as const,
    );
    deliveries += 1;
    await handler({ Records: [{ ...record, messageAttributes: Object.fromEntries(attributes) }] });
  }
  const timesOf = (kind: Kind) => posted.filter(([each]) => each === kind).map(([, at]) => at);
  return { requests: timesOf('request'), replies: timesOf('reply'), deliveries, refusals };
}

/** Messages per second after the burst. */
function rateOf(times: readonly number[]): number {
  return (times.length - BURST) / Math.max(...times);
}

describe('a channel', () => {
  it.each<Kind>(['request', 'reply'])('gives its whole rate to a burst of one kind: %s', async (kind) => {
    const { requests, replies, deliveries, refusals } = await post(many(80, kind));
    const times = [...requests, ...replies];
    expect(times).toHaveLength(80);
    expect(rateOf(times)).toBeGreaterThanOrEqual(0.95);
    expect(rateOf(times)).toBeLessThanOrEqual(1);
    expect(refusals).toBe(0);
    expect(deliveries / 80).toBeLessThan(2);
  });

  it('serves requests first if both kinds wait, and replies all the time', async () => {
    const { requests, replies, deliveries, refusals } = await post([
      ...many(60, 'reply'),
      ...many(60, 'request'),
    ]);
    const all = [...requests, ...replies];
    expect(all).toHaveLength(120);
    expect(rateOf(all)).toBeGreaterThanOrEqual(0.95);
    expect(refusals).toBe(0);
    const within = (times: readonly number[], from: number, to: number) =>
      times.filter((at) => at > from && at <= to).length;
    for (const from of [0, 30]) {
      expect(within(requests, from, from + 30)).toBeGreaterThanOrEqual(20);
      expect(within(replies, from, from + 30)).toBeGreaterThanOrEqual(2);
    }
    expect(deliveries / 120).toBeLessThan(3.5);
  });

  it('posts a request at once during a burst of replies', async () => {
    const { requests, refusals } = await post([...many(100, 'reply'), { kind: 'request', at: 40 }]);
    expect(requests[0]).toBeLessThan(45);
    expect(refusals).toBe(0);
  });

  it('posts a reply soon during a burst of requests', async () => {
    const { replies, refusals } = await post([...many(100, 'request'), { kind: 'reply', at: 40 }]);
    expect(replies[0]).toBeLessThan(45);
    expect(refusals).toBe(0);
  });

  it('gives the rate to replies as soon as no request waits', async () => {
    const { requests, replies } = await post([...many(40, 'request'), ...many(80, 'reply')]);
    expect(rateOf([...requests, ...replies])).toBeGreaterThanOrEqual(0.95);
  });
});

// `npm run burst`: starts 1,000 executions together, each of which requests approval in the same channel, under Slack's
// rate limits. A developer runs it. It prints throughput and latency, and exits with 1 unless each request is posted
// exactly once and no message is dead-lettered.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { progress } from '../local/progress.ts';
import type { Message } from '../local/slack/slack.ts';
import { synthesise } from '../local/synthesise.ts';
import { aboutApproval, BEN, CHLOE, type Harness, openHarness } from './harness.ts';

const SECOND = 1_000;

/** Simulated time between two presses. */
const PRESS_INTERVAL_MS = 20 * SECOND;

/** The burst waits at most this long for a message's update, and counts a longer wait as this long. */
const MAX_UPDATE_WAIT_MS = 300 * SECOND;

/** Number of executions that start before the burst waits for their work. More would overload this machine's CPU. */
const START_BATCH_SIZE = 10;

export interface BurstResult {
  /** Number of requests that were posted at least once. */
  readonly posted: number;
  /** Number of repeated messages: all messages of a request except the first. */
  readonly duplicates: number;
  /** By how many places a request was posted later than it was started, at most. */
  readonly maxOvertaken: number;
  /** Requests per second. */
  readonly requestsPerSecond: number;
  /** Messages per second until the last request is posted: requests and replies. Slack's limit is one. */
  readonly messagesPerSecond: number;
  /** Number of calls that Slack refused because of its rate limit. */
  readonly refusals: number;
  readonly deadLetters: number;
  /** Number of invocations of the function that posts requests. */
  readonly invocations: number;
  /** Milliseconds from each press until its message is updated, during the burst. */
  readonly updateMs: readonly number[];
  /** Milliseconds from each press until its message is updated, before the burst. */
  readonly baselineUpdateMs: readonly number[];
  /** Text of the message that says how many requests wait to be posted. Empty if there is no such message. */
  readonly digest: string;
}

/**
 * @param count number of executions
 * @param slackBurst how many messages Slack accepts at once after an idle time
 */
export async function playBurst(assembly: string, count: number, slackBurst: number): Promise<BurstResult> {
  const harness = await openHarness(assembly);
  try {
    harness.slack.keepRates(slackBurst);
    const baselineUpdateMs: number[] = [];
    for (let press = 0; press < 5; press += 1) {
      await harness.start({ symbol: 'AMZN', quantity: 1 });
      await harness.cloud.advance(PRESS_INTERVAL_MS);
      baselineUpdateMs.push(...(await pressOldest(harness)));
    }
    await harness.cloud.advance(60 * SECOND);
    const eventsBefore = harness.events.length;
    const requestsBefore = requestMessages(harness).length;
    const startedAt = harness.clock.now();
    const names = await startAll(harness, count);
    const updateMs: number[] = [];
    while (
      requestMessages(harness).length - requestsBefore < count &&
      harness.clock.now() - startedAt < 4 * count * SECOND
    ) {
      await harness.cloud.advance(PRESS_INTERVAL_MS);
      updateMs.push(...(await pressOldest(harness)));
    }
    const messages = requestMessages(harness).slice(requestsBefore);
    const approvals = new Set(messages.map(aboutApproval));
    const lastAt = Math.max(...messages.map(({ ts }) => Number(ts) * SECOND));
    const seconds = (lastAt - startedAt) / SECOND;
    const all = harness.slack
      .messages()
      .map(({ ts }) => Number(ts) * SECOND)
      .filter((at) => at >= startedAt && at <= lastAt);
    await harness.cloud.advance(120 * SECOND);
    const events = harness.events.slice(eventsBefore);
    return {
      posted: approvals.size,
      duplicates: messages.length - approvals.size,
      maxOvertaken: maxOvertaken(messages, names),
      requestsPerSecond: messages.length / seconds,
      messagesPerSecond: all.length / seconds,
      refusals: events.filter(({ event, error }) => event === 'method_refused' && error === 'ratelimited')
        .length,
      deadLetters: events.filter(({ event }) => event === 'message_dead_lettered').length,
      invocations: events.filter(
        (event) =>
          event['function']?.toString().includes('RequestApproval') && event.event === 'function_invoked',
      ).length,
      updateMs,
      baselineUpdateMs,
      digest:
        harness.slack.messages().find(({ text }) => /requests are queued|No request is queued/.test(text))
          ?.text ?? '',
    };
  } finally {
    await harness.stop();
  }
}

/** Returns the names of the executions, in the order of their start. */
async function startAll(harness: Harness, executions: number): Promise<readonly string[]> {
  const stateMachineArn = harness.cloud.outputs['StateMachineArn'];
  const names = Array.from({ length: executions }, (_, count) => `burst-${String(count).padStart(5, '0')}`);
  for (const [count, name] of names.entries()) {
    const input = JSON.stringify({ symbol: 'AMZN', quantity: 1 });
    await harness.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    if (count % START_BATCH_SIZE === 0) await harness.cloud.settled();
  }
  await harness.cloud.settled();
  return names;
}

function requestMessages({ slack }: Harness): readonly Message[] {
  return slack.messages().filter((message) => aboutApproval(message) !== undefined);
}

/**
 * Approves the oldest pending request. Returns the milliseconds until its message is updated, or an empty list if no
 * request is pending.
 */
async function pressOldest(harness: Harness): Promise<readonly number[]> {
  const pending = requestMessages(harness).find(({ blocks }) =>
    JSON.stringify(blocks).includes('"action_id":"approve"'),
  );
  if (!pending) return [];
  // A request from outside Slack needs two approvals. The second one is measured.
  await harness.slack.press(BEN, pending.ts, 'approve');
  await harness.cloud.settled();
  const pressedAt = harness.clock.now();
  await harness.slack.press(CHLOE, pending.ts, 'approve');
  await harness.cloud.settled();
  const isUpdated = () =>
    requestMessages(harness)
      .find(({ ts }) => ts === pending.ts)
      ?.text.includes('Approved by');
  while (!isUpdated() && harness.clock.now() - pressedAt < MAX_UPDATE_WAIT_MS)
    await harness.cloud.advance(SECOND);
  return [harness.clock.now() - pressedAt];
}

/** Returns the largest value of a message's position minus its execution's position in `names`, at least 0. */
function maxOvertaken(messages: readonly Message[], names: readonly string[]): number {
  const starts = messages.map(({ metadata }) =>
    names.indexOf({ execution: '', ...metadata?.event_payload }.execution),
  );
  return Math.max(0, ...starts.map((start, position) => position - start));
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { many: { type: 'string', default: '1000' }, burst: { type: 'string', default: '20' } },
  });
  const assembly = mkdtempSync(join(tmpdir(), 'countersign-burst-'));
  progress('Synthesising the stack …');
  await synthesise(assembly, ['-c', 'approvalTimeoutSeconds=7200']);
  const count = Number(values.many);
  progress(`Starting ${count} executions, and pressing buttons meanwhile …`);
  const result = await playBurst(assembly, count, Number(values.burst));
  const percentiles = (milliseconds: readonly number[]) =>
    `p50 ${(percentile(milliseconds, 0.5) / SECOND).toFixed(1)} s, p99 ${(percentile(milliseconds, 0.99) / SECOND).toFixed(1)} s`;
  process.stdout.write(
    [
      `requests: ${result.posted} of ${count} posted, ${result.duplicates} duplicates, ${result.deadLetters} dead letters`,
      `order: a request was overtaken by at most ${result.maxOvertaken} places`,
      `rate: ${result.requestsPerSecond.toFixed(2)} requests and ${result.messagesPerSecond.toFixed(2)} messages per second (Slack's limit is 1)`,
      `refused by Slack's rate limit: ${result.refusals} calls`,
      `invocations: ${(result.invocations / count).toFixed(2)} per request`,
      `time from a press to the updated message: ${percentiles(result.updateMs)}; without the burst: ${percentiles(result.baselineUpdateMs)}`,
      `message in the channel: ${result.digest}`,
      '',
    ].join('\n'),
  );
  rmSync(assembly, { recursive: true });
  const hasPassed = result.posted === count && result.duplicates === 0 && result.deadLetters === 0;
  process.exitCode = hasPassed ? 0 : 1;
}

// `npm run burst`: a thousand recommendations at once into one channel, with Slack's limits kept: that all are asked, once,
// the oldest first; at what share of Slack's rate; and how long a press waits for its message meanwhile. Exit 1 where not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Message } from '../local/slack/slack.ts';
import { synthesise } from '../local/synthesise.ts';
import { aboutApproval, BEN, type Harness, openHarness } from './harness.ts';

const SECOND = 1_000;

/** Between two presses, in milliseconds. */
const PRESSES_APART = 20 * SECOND;

/** A press that is not shown by then counts as never shown, in milliseconds. */
const LONGEST_WAIT = 300 * SECOND;

/** Executions that run at the same moment. */
const AT_ONCE = 10;

export interface Burst {
  readonly asked: number;
  readonly askedTwice: number;
  /** How many were asked before an older one, each by how many places at most. */
  readonly outOfOrder: number;
  /** Messages a second, of the one a second that Slack takes. */
  readonly rate: number;
  readonly deadLetters: number;
  readonly invocations: number;
  /** Milliseconds from a press to its message. */
  readonly waits: readonly number[];
  readonly waitsWithout: readonly number[];
  /** What people read of it in the channel, last. */
  readonly digest: string;
}

/** @param burst how many messages Slack lets through at once after a quiet time */
export async function playBurst(assembly: string, many: number, burst: number): Promise<Burst> {
  const harness = await openHarness(assembly);
  try {
    harness.slack.keepRates(burst);
    const waitsWithout: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      await harness.start({ symbol: 'AMZN', quantity: 1 });
      await harness.cloud.advance(PRESSES_APART);
      waitsWithout.push(...(await pressOldest(harness)));
    }
    await harness.cloud.advance(60 * SECOND);
    const before = harness.events.length;
    const posted = questions(harness).length;
    const names = await startAll(harness, many);
    const from = harness.clock.now();
    const waits: number[] = [];
    while (questions(harness).length - posted < many && harness.clock.now() - from < 4 * many * SECOND) {
      await harness.cloud.advance(PRESSES_APART);
      waits.push(...(await pressOldest(harness)));
    }
    const asked = questions(harness).slice(posted);
    const took = Math.max(...asked.map(({ ts }) => Number(ts) * SECOND)) - from;
    await harness.cloud.advance(120 * SECOND);
    const events = harness.events.slice(before);
    return {
      asked: new Set(asked.map(aboutApproval)).size,
      askedTwice: asked.length - new Set(asked.map(aboutApproval)).size,
      outOfOrder: furthestOutOfOrder(asked, names),
      rate: asked.length / (took / SECOND),
      deadLetters: events.filter(({ event }) => event === 'message_dead_lettered').length,
      invocations: events.filter(
        (event) =>
          event['function']?.toString().includes('RequestApproval') && event.event === 'function_invoked',
      ).length,
      waits,
      waitsWithout,
      digest:
        harness.slack.messages().find(({ text }) => /requests wait|have all been asked/.test(text))?.text ??
        '',
    };
  } finally {
    await harness.stop();
  }
}

/** The names, the first started first. */
async function startAll(harness: Harness, many: number): Promise<readonly string[]> {
  const stateMachineArn = harness.cloud.outputs['StateMachineArn'];
  const names = Array.from({ length: many }, (_, count) => `burst-${String(count).padStart(5, '0')}`);
  for (const [count, name] of names.entries()) {
    const input = JSON.stringify({ symbol: 'AMZN', quantity: 1 });
    await harness.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    // As many run at once as this machine carries.
    if (count % AT_ONCE === 0) await harness.cloud.settled();
  }
  await harness.cloud.settled();
  return names;
}

function questions({ slack }: Harness): readonly Message[] {
  return slack.messages().filter((message) => aboutApproval(message) !== undefined);
}

/** Declines nothing: approves the oldest that waits, and lets time go on until its message says so. */
async function pressOldest(harness: Harness): Promise<readonly number[]> {
  const open = questions(harness).find(({ blocks }) =>
    JSON.stringify(blocks).includes('"action_id":"approve"'),
  );
  if (!open) return [];
  const from = harness.clock.now();
  await harness.slack.press(BEN, open.ts, 'approve');
  await harness.cloud.settled();
  const shown = () =>
    questions(harness)
      .find(({ ts }) => ts === open.ts)
      ?.text.includes('Approved by');
  while (!shown() && harness.clock.now() - from < LONGEST_WAIT) await harness.cloud.advance(SECOND);
  return [harness.clock.now() - from];
}

/** By how many places the one that was asked latest in comparison to its age was overtaken. */
function furthestOutOfOrder(asked: readonly Message[], names: readonly string[]): number {
  const order = asked.map(({ metadata }) =>
    names.indexOf({ execution: '', ...metadata?.event_payload }.execution),
  );
  return Math.max(0, ...order.map((place, at) => at - place));
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
  await synthesise(assembly, ['-c', 'approvalTimeoutSeconds=7200']);
  const many = Number(values.many);
  const found = await playBurst(assembly, many, Number(values.burst));
  const waited = (waits: readonly number[]) =>
    `p50 ${(percentile(waits, 0.5) / SECOND).toFixed(1)} s, p99 ${(percentile(waits, 0.99) / SECOND).toFixed(1)} s`;
  process.stdout.write(
    [
      `asked ${found.asked} of ${many}, ${found.askedTwice} of them twice, ${found.deadLetters} dead letters`,
      `order: none was overtaken by more than ${found.outOfOrder} places`,
      `rate: ${found.rate.toFixed(2)} of Slack's one message a second`,
      `invocations: ${(found.invocations / many).toFixed(2)} a request`,
      `a press until its message says so: ${waited(found.waits)}; without the burst: ${waited(found.waitsWithout)}`,
      `in the channel: ${found.digest}`,
      '',
    ].join('\n'),
  );
  rmSync(assembly, { recursive: true });
  const good = found.asked === many && found.askedTwice === 0 && found.deadLetters === 0;
  process.exitCode = good ? 0 : 1;
}

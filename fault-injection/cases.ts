// Records every call to Slack and AWS in the stories of `stories.ts`, and plays cases. A case is one recorded call with
// one injected fault, played in a story that makes the call. `npm run faults` and the tests use it.
import type { Call } from './call.ts';
import { type Harness, openHarness } from './harness.ts';
import { takeBaseline, violations } from './invariants.ts';
import type { Violation } from './violation.ts';
import { runUntilIdle } from './run-until-idle.ts';
import { stories } from './stories.ts';
import { type FaultType, faultTypes } from './fault-types.ts';

/** All calls with the same name, in all stories. */
export interface Row {
  /** `<function> → <service> <call>`. The function's name is without the stack's name and the hash. */
  readonly name: string;
  /** How often each story makes the call. */
  readonly happens: readonly { readonly story: string; readonly times: number }[];
}

export interface Case {
  readonly row: Row;
  readonly faultType: FaultType;
}

export interface CaseResult {
  readonly testCase: Case;
  /** Where the fault was injected: `approved, 2` is the row's second call in the story `approved`. */
  readonly where: string;
  /** How the system recovered, or `not reached` if the call did not happen this time. */
  readonly recovery: string;
  readonly violations: readonly Violation[];
}

/** Returns numbers from 0 to below 1, the same ones for the same seed. */
export type Random = () => number;

export function rowName({ caller, service, name }: Call): string {
  const short = /SlackApprovals(\w+?)[0-9A-F]{8}|Trading\w*?Workflow(\w+?)[0-9A-F]{8}/.exec(caller);
  const functionName = short?.[1] ?? short?.[2] ?? caller;
  // The simulated market decides which of the two functions runs, so they share a row.
  return `${/^(Buy|Sell)Stock$/.test(functionName) ? 'BuyStock, SellStock' : functionName} → ${service} ${name}`;
}

/** Plays every story once, with cold starts and without faults, and records each call. */
export async function record(assembly: string): Promise<readonly Row[]> {
  const rows = new Map<string, Map<string, number>>();
  const harness = await openHarness(assembly);
  try {
    for (const [story, happen] of Object.entries(stories)) {
      harness.proxy.intercept((call) => {
        const happens = rows.get(rowName(call)) ?? new Map<string, number>();
        rows.set(rowName(call), happens.set(story, (happens.get(story) ?? 0) + 1));
        return undefined;
      });
      const baseline = await takeBaseline(harness);
      harness.cloud.coolDown();
      await happen(harness);
      const { stuck } = await runUntilIdle(harness);
      const problems = [
        ...stuck,
        ...harness.takeUnanswered(),
        ...(await violations(harness, baseline)).map(({ description }) => description),
      ];
      if (problems.length > 0)
        throw new Error(`Story “${story}” fails without an injected fault: ${problems.join('; ')}`);
    }
  } finally {
    await harness.stop();
  }
  return [...rows]
    .map(([name, happens]) => ({ name, happens: [...happens].map(([story, times]) => ({ story, times })) }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

export function allCases(rows: readonly Row[]): readonly Case[] {
  return rows.flatMap((row) => faultTypes.map((faultType) => ({ row, faultType })));
}

/** Returns every `parts`-th case, starting with case number `part`, counted from 1. */
export function partOf<Any>(cases: readonly Any[], part: number, parts: number): readonly Any[] {
  return cases.filter((_, index) => index % parts === part - 1);
}

/** `play` repeats a case whose call did not happen, up to this number of attempts. */
const MAX_ATTEMPTS = 4;

/** Plays a story with the case's fault in one of the row's calls, then runs until the system is idle. */
export async function play(harness: Harness, testCase: Case, random: Random): Promise<CaseResult> {
  for (let attempt = 1; ; attempt += 1) {
    const played = await playOnce(harness, testCase, random);
    if (played.recovery !== NOT_REACHED || attempt === MAX_ATTEMPTS) return played;
  }
}

const NOT_REACHED = 'not reached';

async function playOnce(harness: Harness, testCase: Case, random: Random): Promise<CaseResult> {
  const { story, times } = pick(testCase.row.happens, random) ?? { story: 'approved', times: 1 };
  const nth = 1 + Math.floor(random() * Math.min(times, 3));
  let count = 0;
  let reached = false;
  const baseline = await takeBaseline(harness);
  const [eventsBefore, repeatsBefore] = [harness.events.length, harness.repeats()];
  harness.proxy.intercept((call) => {
    if (rowName(call) !== testCase.row.name) return undefined;
    count += 1;
    if (count !== nth) return undefined;
    reached = true;
    return testCase.faultType;
  });
  if (/secretsmanager/.test(testCase.row.name)) harness.cloud.coolDown();
  await stories[story]?.(harness);
  const { stuck, redriven } = await runUntilIdle(harness);
  const found = [
    ...stuck.map((description): Violation => ({ kind: 'stuck', description })),
    ...harness.takeUnanswered().map((description): Violation => ({ kind: 'silent', description })),
    ...(await violations(harness, baseline)),
  ];
  const events = harness.events.slice(eventsBefore).map((event) => JSON.stringify(event));
  const recovery = reached
    ? recoveryOf(harness, events, { redriven, repeats: harness.repeats() - repeatsBefore })
    : NOT_REACHED;
  return { testCase, where: `${story}, ${nth}`, recovery, violations: found };
}

function recoveryOf(
  harness: Harness,
  events: readonly string[],
  { redriven, repeats }: { readonly redriven: number; readonly repeats: number },
): string {
  const logged = (name: string) => events.some((event) => event.includes(name));
  const recoveries = [
    redriven > 0 && 'redriven',
    logged('message_requeued') && 'requeued',
    logged('message_returned') && 'delivered again',
    repeats > 0 && 'pressed again',
    logged(String.raw`\"repaired\"`) && 'repaired',
    harness.proxy.retries() > 0 && 'SDK retry',
  ].filter((recovery) => recovery !== false);
  return recoveries.join(', ') || 'no effect';
}

function pick<One>(all: readonly One[], random: Random): One | undefined {
  return all[Math.floor(random() * all.length)];
}

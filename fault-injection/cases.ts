// The cells of the table: each call that was recorded, broken in each way, in a story in which it happens. Played one
// after the other at a desk; what came of it is a word, or the invariants that broke.
import type { Call } from './call.ts';
import { type Harness, openHarness } from './harness.ts';
import { before, type Violation, violations } from './invariants.ts';
import { runUntilIdle } from './run-until-idle.ts';
import { stories } from './stories.ts';
import { type FaultType, faultTypes } from './fault-types.ts';

/** One call, wherever it happens. */
export interface Row {
  /** The function's name without the stack's and the hash, and what it calls. */
  readonly name: string;
  /** How often it happens in which story. */
  readonly happens: readonly { readonly story: string; readonly times: number }[];
}

export interface Case {
  readonly row: Row;
  readonly faultType: FaultType;
}

export interface CaseResult {
  readonly testCase: Case;
  /** Where it was broken: the story, and which of its calls of that name. */
  readonly where: string;
  /** What made it good; `not reached` where the story went another way this time. */
  readonly word: string;
  readonly violations: readonly Violation[];
}

/** Numbers from 0 to below 1, the same for the same seed. */
export type Chance = () => number;

export function rowName({ caller, service, name }: Call): string {
  const short = /SlackApprovals(\w+?)[0-9A-F]{8}|Trading\w*?Workflow(\w+?)[0-9A-F]{8}/.exec(caller);
  const who = short?.[1] ?? short?.[2] ?? caller;
  // Which of the two it is the market decides.
  return `${/^(Buy|Sell)Stock$/.test(who) ? 'BuyStock, SellStock' : who} → ${service} ${name}`;
}

/** Plays every story once, whole, and once more with every function cold, and notes each call. */
export async function record(assembly: string): Promise<readonly Row[]> {
  const rows = new Map<string, Map<string, number>>();
  const harness = await openHarness(assembly);
  try {
    for (const [story, happen] of Object.entries(stories)) {
      harness.proxy.watch((call) => {
        const happens = rows.get(rowName(call)) ?? new Map<string, number>();
        rows.set(rowName(call), happens.set(story, (happens.get(story) ?? 0) + 1));
        return undefined;
      });
      const was = await before(harness);
      harness.cloud.coolDown();
      await happen(harness);
      const { stuck } = await runUntilIdle(harness);
      const broken = [
        ...stuck,
        ...harness.takeSilences(),
        ...(await violations(harness, was)).map(({ words }) => words),
      ];
      if (broken.length > 0)
        throw new Error(`“${story}” does not hold, and nothing is broken: ${broken.join('; ')}`);
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

/** Every so many-th of them, from that one on: all parts together are the whole. */
export function partOf(cases: readonly Case[], part: number, parts: number): readonly Case[] {
  return cases.filter((_, index) => index % parts === part - 1);
}

/** A story may go another way this time, and not come by: so often another is drawn. */
const DRAWS = 4;

/** Breaks one call of the cell's row in its way, plays the story, and lets it come to its end. */
export async function play(harness: Harness, testCase: Case, chance: Chance): Promise<CaseResult> {
  for (let draw = 1; ; draw += 1) {
    const played = await playOnce(harness, testCase, chance);
    if (played.word !== NOT_REACHED || draw === DRAWS) return played;
  }
}

const NOT_REACHED = 'not reached';

async function playOnce(harness: Harness, testCase: Case, chance: Chance): Promise<CaseResult> {
  const { story, times } = pick(testCase.row.happens, chance) ?? { story: 'approved', times: 1 };
  const nth = 1 + Math.floor(chance() * Math.min(times, 3));
  let count = 0;
  let reached = false;
  const was = await before(harness);
  const [eventsBefore, againBefore] = [harness.events.length, harness.again()];
  harness.proxy.watch((call) => {
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
    ...stuck.map((words): Violation => ({ kind: 'stuck', words })),
    ...harness.takeSilences().map((words): Violation => ({ kind: 'silent', words })),
    ...(await violations(harness, was)),
  ];
  const events = harness.events.slice(eventsBefore).map((event) => JSON.stringify(event));
  const word = reached
    ? whatHelped(harness, events, { redriven, again: harness.again() - againBefore })
    : NOT_REACHED;
  return { testCase, where: `${story}, ${nth}`, word, violations: found };
}

function whatHelped(
  harness: Harness,
  events: readonly string[],
  { redriven, again }: { readonly redriven: number; readonly again: number },
): string {
  const logged = (name: string) => events.some((event) => event.includes(name));
  const helped = [
    redriven > 0 && 'redriven',
    logged('message_requeued') && 'requeued',
    logged('message_returned') && 'delivered again',
    again > 0 && 'pressed again',
    logged(String.raw`\"repaired\"`) && 'repaired',
    harness.proxy.retries() > 0 && 'SDK',
  ].filter((word) => word !== false);
  return helped.join(', ') || 'as if nothing';
}

function pick<One>(all: readonly One[], chance: Chance): One | undefined {
  return all[Math.floor(chance() * all.length)];
}

// The cells of the table: each call that was recorded, broken in each way, in a story in which it happens. Played one
// after the other at a desk; what came of it is a word, or the invariants that broke.
import type { Call } from './call.ts';
import { type Desk, openDesk } from './harness.ts';
import { before, type Breach, breaches } from './invariants.ts';
import { untilQuiet } from './run-until-idle.ts';
import { stories } from './stories.ts';
import { type Way, ways } from './fault-types.ts';

/** One call, wherever it happens. */
export interface Row {
  /** The function's name without the stack's and the hash, and what it calls. */
  readonly name: string;
  /** How often it happens in which story. */
  readonly happens: readonly { readonly story: string; readonly times: number }[];
}

export interface Cell {
  readonly row: Row;
  readonly way: Way;
}

export interface Played {
  readonly cell: Cell;
  /** Where it was broken: the story, and which of its calls of that name. */
  readonly where: string;
  /** What made it good; `not reached` where the story went another way this time. */
  readonly word: string;
  readonly breaches: readonly Breach[];
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
  const desk = await openDesk(assembly);
  try {
    for (const [story, happen] of Object.entries(stories)) {
      desk.wire.watch((call) => {
        const happens = rows.get(rowName(call)) ?? new Map<string, number>();
        rows.set(rowName(call), happens.set(story, (happens.get(story) ?? 0) + 1));
        return undefined;
      });
      const was = await before(desk);
      desk.cloud.coolDown();
      await happen(desk);
      const { stuck } = await untilQuiet(desk);
      const broken = [
        ...stuck,
        ...desk.takeSilences(),
        ...(await breaches(desk, was)).map(({ words }) => words),
      ];
      if (broken.length > 0)
        throw new Error(`“${story}” does not hold, and nothing is broken: ${broken.join('; ')}`);
    }
  } finally {
    await desk.stop();
  }
  return [...rows]
    .map(([name, happens]) => ({ name, happens: [...happens].map(([story, times]) => ({ story, times })) }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

export function allCells(rows: readonly Row[]): readonly Cell[] {
  return rows.flatMap((row) => ways.map((way) => ({ row, way })));
}

/** Every so many-th of them, from that one on: all parts together are the whole. */
export function partOf(cells: readonly Cell[], part: number, parts: number): readonly Cell[] {
  return cells.filter((_, index) => index % parts === part - 1);
}

/** A story may go another way this time, and not come by: so often another is drawn. */
const DRAWS = 4;

/** Breaks one call of the cell's row in its way, plays the story, and lets it come to its end. */
export async function play(desk: Desk, cell: Cell, chance: Chance): Promise<Played> {
  for (let draw = 1; ; draw += 1) {
    const played = await playOnce(desk, cell, chance);
    if (played.word !== NOT_REACHED || draw === DRAWS) return played;
  }
}

const NOT_REACHED = 'not reached';

async function playOnce(desk: Desk, cell: Cell, chance: Chance): Promise<Played> {
  const { story, times } = pick(cell.row.happens, chance) ?? { story: 'approved', times: 1 };
  const nth = 1 + Math.floor(chance() * Math.min(times, 3));
  let count = 0;
  let reached = false;
  const was = await before(desk);
  const [eventsBefore, againBefore] = [desk.events.length, desk.again()];
  desk.wire.watch((call) => {
    if (rowName(call) !== cell.row.name) return undefined;
    count += 1;
    if (count !== nth) return undefined;
    reached = true;
    return cell.way;
  });
  if (/secretsmanager/.test(cell.row.name)) desk.cloud.coolDown();
  await stories[story]?.(desk);
  const { stuck, drivenBack } = await untilQuiet(desk);
  const found = [
    ...stuck.map((words): Breach => ({ kind: 'stuck', words })),
    ...desk.takeSilences().map((words): Breach => ({ kind: 'silent', words })),
    ...(await breaches(desk, was)),
  ];
  const events = desk.events.slice(eventsBefore).map((event) => JSON.stringify(event));
  const word = reached
    ? whatHelped(desk, events, { drivenBack, again: desk.again() - againBefore })
    : NOT_REACHED;
  return { cell, where: `${story}, ${nth}`, word, breaches: found };
}

function whatHelped(
  desk: Desk,
  events: readonly string[],
  { drivenBack, again }: { readonly drivenBack: number; readonly again: number },
): string {
  const logged = (name: string) => events.some((event) => event.includes(name));
  const helped = [
    drivenBack > 0 && 'driven back',
    logged('put_back') && 'put back',
    logged('message_returned') && 'delivered again',
    again > 0 && 'pressed again',
    logged(String.raw`\"repaired\"`) && 'repaired',
    desk.wire.retries() > 0 && 'SDK',
  ].filter((word) => word !== false);
  return helped.join(', ') || 'as if nothing';
}

function pick<One>(all: readonly One[], chance: Chance): One | undefined {
  return all[Math.floor(chance() * all.length)];
}

// Rounds: each runs every variant once, in fresh processes, and each begins with another, so that what else the machine
// does is spread over all. A figure is the median of its ratios to the first variant's of the same round. The bench and
// the check call it.
import type { Bench, Run } from './run.ts';
import type { Variant } from './variants.ts';

export const timed = ['init', 'cold', 'warm', 'cpu', 'memory'] as const;
export type Timed = (typeof timed)[number];

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Result {
  readonly variant: Variant;
  /** The calls and files of one run that measured no time. */
  readonly inspected: Run;
  readonly absolute: Readonly<Record<Timed, Spread>>;
  /** To the first variant. */
  readonly ratio: Readonly<Record<Timed, Spread>>;
}

export async function runRounds(
  variants: readonly Variant[],
  rounds: number,
  bench: Bench,
): Promise<readonly Result[]> {
  const inspected: Run[] = [];
  for (const variant of variants) inspected.push(await bench.run(variant, true));
  const runs = variants.map((): Run[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < variants.length; turn++) {
      const index = (round + turn) % variants.length;
      const variant = variants[index];
      if (variant) runs[index]?.push(await bench.run(variant));
    }
  }
  const [first = []] = runs;
  return variants.map((variant, index) => {
    const own = runs[index] ?? [];
    const spreads = (value: (run: Run, round: number, figure: Timed) => number) =>
      byFigure((figure) => spreadOf(own.map((run, round) => value(run, round, figure))));
    return {
      variant,
      inspected: inspected[index] ?? fail(),
      absolute: spreads((run, _, figure) => run[figure]),
      ratio: spreads((run, round, figure) => run[figure] / (first[round]?.[figure] ?? NaN)),
    };
  });
}

function byFigure<Value>(of: (figure: Timed) => Value): Record<Timed, Value> {
  return { init: of('init'), cold: of('cold'), warm: of('warm'), cpu: of('cpu'), memory: of('memory') };
}

export function spreadOf(values: readonly number[]): Spread {
  const ordered = values.toSorted((one, other) => one - other);
  const middle = (ordered.length - 1) / 2;
  const at = (index: number) => ordered[index] ?? NaN;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(ordered.length - 1),
  };
}

function fail(): never {
  throw new Error('Each variant is inspected once.');
}

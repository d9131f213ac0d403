// Runs all variants in rounds, each in a fresh process, and computes medians and ratios. The bench and the check call
// it. Each round starts with a different variant, so that other load on the machine affects all of them. A ratio
// compares two variants of the same round.
import { progress } from '../local/progress.ts';
import type { Bench, Run } from './run.ts';
import { floor, type Variant } from './variants.ts';

export const metrics = ['init', 'cold', 'warm', 'cpu', 'memory'] as const;
export type Metric = (typeof metrics)[number];

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Result {
  readonly variant: Variant;
  /** Calls and files of a separate run. Its times are meaningless. */
  readonly inspected: Run;
  readonly absolute: Readonly<Record<Metric, Spread>>;
  /** Relative to the first variant. */
  readonly ratio: Readonly<Record<Metric, Spread>>;
  /** Relative to the variant `floor`. Undefined if it did not run. */
  readonly toFloor: Readonly<Record<Metric, Spread>> | undefined;
}

export async function runRounds(
  variants: readonly Variant[],
  rounds: number,
  bench: Bench,
): Promise<readonly Result[]> {
  progress(`Measuring ${variants.length} variants in ${rounds} rounds …`);
  const inspected: Run[] = [];
  for (const variant of variants) inspected.push(await bench.run(variant, true));
  const runs = variants.map((): Run[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let position = 0; position < variants.length; position++) {
      const index = (round + position) % variants.length;
      const variant = variants[index];
      if (variant) runs[index]?.push(await bench.run(variant));
    }
  }
  const [first = []] = runs;
  const byHand = runs[variants.findIndex(({ name }) => name === floor)];
  return variants.map((variant, index) => {
    const own = runs[index] ?? [];
    const spreads = (value: (run: Run, round: number, metric: Metric) => number) =>
      byMetric((metric) => spreadOf(own.map((run, round) => value(run, round, metric))));
    return {
      variant,
      inspected: inspected[index] ?? fail(),
      absolute: spreads((run, _, metric) => run[metric]),
      ratio: spreads((run, round, metric) => run[metric] / (first[round]?.[metric] ?? NaN)),
      toFloor: byHand && spreads((run, round, metric) => run[metric] / (byHand[round]?.[metric] ?? NaN)),
    };
  });
}

function byMetric<Value>(of: (metric: Metric) => Value): Record<Metric, Value> {
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
  throw new Error('A variant was not inspected.');
}

// `npm run bench:check`: what is exact about a press that approves, exactly, and its CPU against the official example's.
// CI runs it; it fails with each goal that is missed.
import { isDeepStrictEqual } from 'node:util';
import { goals } from './goals.ts';
import { type Result, runRounds } from './rounds.ts';
import { openBench } from './run.ts';
import { buildVariants, countersign, official } from './variants.ts';

const variants = (await buildVariants()).filter(({ name }) => [official, countersign].includes(name));
const bench = await openBench();
const results = await runRounds(variants, Number(process.env['ROUNDS'] ?? 9), bench);
bench.close();

const missed = results.flatMap((result) => (result.variant.name === countersign ? missedBy(result) : []));
for (const each of missed) process.stdout.write(`missed: ${each}\n`);
if (missed.length > 0) process.exitCode = 1;
else process.stdout.write('All goals are met.\n');

function missedBy({ variant, inspected, ratio }: Result): readonly string[] {
  const { files, undici, before, after } = inspected;
  const [cold, warm] = before;
  const gzip = variant.gzip ?? 0;
  const most = goals.cpu * (1 + goals.tolerance);
  const checked: readonly (readonly [goal: string, met: boolean, found: unknown])[] = [
    [`bundle of ${goals.gzip} KB at the most`, gzip <= goals.gzip, `${gzip.toFixed(1)} KB`],
    [`${goals.files} file loaded`, files === goals.files, files],
    ['undici not loaded', !undici, 'loaded'],
    ['no auth.test', ![...before, ...after].flat().includes('auth.test'), 'asked'],
    ['calls before the answer, cold', isDeepStrictEqual(cold.toSorted(), goals.before.cold.toSorted()), cold],
    ['calls before the answer, warm', isDeepStrictEqual(warm, [...goals.before.warm]), warm],
    [`CPU × ${most.toFixed(2)} at the most`, ratio.cpu.median <= most, ratio.cpu.median.toFixed(3)],
  ];
  for (const [goal, met, found] of checked)
    if (met) process.stdout.write(`met: ${goal}${goal.startsWith('CPU') ? `: ${String(found)}` : ''}\n`);
  return checked.flatMap(([goal, met, found]) => (met ? [] : `${goal}: ${String(found)}`));
}

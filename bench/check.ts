// `npm run bench:check`: checks a press of Approve against `goals.ts`: bundle size, files, calls, and CPU relative to
// a handler by hand. CI runs it. It prints each missed goal and exits with 1.
import { isDeepStrictEqual } from 'node:util';
import { goals } from './goals.ts';
import { type Result, runRounds } from './rounds.ts';
import { openBench } from './run.ts';
import { buildVariants, countersign, floor } from './variants.ts';

const variants = (await buildVariants()).filter(({ name }) => [countersign, floor].includes(name));
const bench = await openBench();
const results = await runRounds(variants, Number(process.env['ROUNDS'] ?? 9), bench);
bench.close();

const missed = results.flatMap((result) => (result.variant.name === countersign ? missedBy(result) : []));
for (const each of missed) process.stdout.write(`missed: ${each}\n`);
if (missed.length > 0) process.exitCode = 1;
else process.stdout.write('All goals are met.\n');

function missedBy({ variant, inspected, toFloor }: Result): readonly string[] {
  const { files, reads, undici, before, after } = inspected;
  const [cold, warm] = before;
  const gzip = variant.gzip ?? 0;
  const cpu = toFloor?.cpu.median ?? NaN;
  const maxCpu = goals.cpu * (1 + goals.tolerance);
  const checked: readonly (readonly [goal: string, isMet: boolean, actual: unknown])[] = [
    [`bundle of at most ${goals.gzip} KB`, gzip <= goals.gzip, `${gzip.toFixed(1)} KB`],
    [`${goals.files} file loaded`, files === goals.files, files],
    ['no configuration file read', reads.length === 0, reads.join(', ')],
    ['undici not loaded', !undici, 'loaded'],
    ['no auth.test', ![...before, ...after].flat().includes('auth.test'), 'called'],
    ['calls before the answer, cold', isDeepStrictEqual(cold.toSorted(), goals.before.cold.toSorted()), cold],
    ['calls before the answer, warm', isDeepStrictEqual(warm, [...goals.before.warm]), warm],
    [`CPU ratio of at most ${maxCpu.toFixed(2)}`, cpu <= maxCpu, cpu.toFixed(2)],
  ];
  for (const [goal, isMet, actual] of checked)
    if (isMet) process.stdout.write(`met: ${goal}${goal.startsWith('CPU') ? `: ${String(actual)}` : ''}\n`);
  return checked.flatMap(([goal, isMet, actual]) => (isMet ? [] : `${goal}: ${String(actual)}`));
}

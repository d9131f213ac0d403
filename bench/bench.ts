// `npm run bench`: measures how long a press of Approve takes in the deployed bundle and in the variants it is compared
// with. A developer runs it; `--latency` adds realistic latency to Slack and AWS. It runs on this machine, so only the
// ratios are meaningful.
import { realisticLatency } from './latency.ts';
import { runRounds } from './rounds.ts';
import { openBench } from './run.ts';
import { summaryOf, tableOf } from './table.ts';
import { buildVariants } from './variants.ts';

const rounds = Number(process.env['ROUNDS'] ?? 15);
const withLatency = process.argv.includes('--latency');
const variants = await buildVariants();
const bench = await openBench(withLatency ? realisticLatency : {});
const results = await runRounds(variants, rounds, bench);
bench.close();
const latency = withLatency ? 'Slack 80 ms round trip + 60 ms processing, AWS 4 + 15' : 'no latency';
process.stdout.write(`${tableOf(results)}\n\n`);
process.stdout.write(
  `${rounds} rounds, ${latency}, Node ${process.version}. Median; ratio to the first row: median (min–max).\n`,
);
process.stdout.write(`${summaryOf(results)}\n`);

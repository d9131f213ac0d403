// `npm run bench`: the press that approves, in what would be deployed and in what it is held against, side by side.
// `--latency`: with Slack and AWS as far away as they are in life. Nothing runs in AWS: only the ratios say something.
import { latencyInLife } from './latency.ts';
import { runRounds } from './rounds.ts';
import { openBench } from './run.ts';
import { summaryOf, tableOf } from './table.ts';
import { buildVariants } from './variants.ts';

const rounds = Number(process.env['ROUNDS'] ?? 15);
const far = process.argv.includes('--latency');
const variants = await buildVariants();
const bench = await openBench(far ? latencyInLife : {});
const results = await runRounds(variants, rounds, bench);
bench.close();
const where = far ? 'Slack 80 ms away and 60 at work, AWS 4 and 15' : 'no latency';
process.stdout.write(`${tableOf(results)}\n\n`);
process.stdout.write(
  `${rounds} rounds, ${where}, Node ${process.version}. Median; ratio to the first row: median (min–max).\n`,
);
process.stdout.write(`${summaryOf(results)}\n`);

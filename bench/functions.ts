// `npm run bench:functions`: compares the bundle size and the start-up CPU time of each deployed function with the same
// function bundled without `bundle-shims/`. A developer runs it. The order rotates in each round, and everything runs
// on this machine.
import { progress } from '../local/progress.ts';
import { openBench } from './run.ts';
import { spreadOf } from './rounds.ts';
import { bundleWithoutShims, deployedFunctions, type Variant } from './variants.ts';

const rounds = Number(process.env['ROUNDS'] ?? 9);

interface Comparison {
  readonly name: string;
  readonly deployed: Variant;
  readonly withoutShims: Variant;
}

const comparisons: Comparison[] = [];
for (const deployed of await deployedFunctions()) {
  const { name, entry } = entryOf(deployed.name);
  const { environment } = deployed;
  comparisons.push({ name, deployed, withoutShims: { ...(await bundleWithoutShims(entry)), environment } });
}

const bench = await openBench();
const cpu = new Map<Variant, number[]>(
  comparisons.flatMap(({ deployed, withoutShims }) => [
    [deployed, []],
    [withoutShims, []],
  ]),
);
const variants = [...cpu.keys()];
progress(`Measuring ${variants.length} bundles in ${rounds} rounds …`);
for (let round = 0; round < rounds; round++)
  for (let position = 0; position < variants.length; position++) {
    const variant = variants[(round + position) % variants.length];
    if (variant) cpu.get(variant)?.push((await bench.evaluate(variant)).cpu);
  }
bench.close();

const lines = comparisons.map(({ name, deployed, withoutShims }) => {
  const medianCpu = (variant: Variant) => spreadOf(cpu.get(variant) ?? []).median.toFixed(0);
  const sizes = [kilobytes(deployed), kilobytes(withoutShims)];
  return `| ${[name, ...sizes, medianCpu(deployed), medianCpu(withoutShims)].join(' | ')} |`;
});
process.stdout.write(
  [
    '| function | gzip KB | without shims | start-up CPU ms | without shims |',
    '|---|--:|--:|--:|--:|',
    ...lines,
    '',
  ].join('\n'),
);
process.stdout.write(`\nMedian of ${rounds} rounds, including the start of Node, Node ${process.version}.\n`);

/** `SlackApprovalsRelayResult0A1B2C3D` → `relay-result`, `functions/relay-result.lambda.ts`. */
function entryOf(logicalId: string): { readonly name: string; readonly entry: string } {
  const [, owner, words = ''] = /^(SlackApprovals|TradingWorkflow)(\w+?)[0-9A-F]{8}$/.exec(logicalId) ?? [];
  const name = words.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  if (name === 'bot') return { name, entry: 'bot/trading/trading-bot.lambda.ts' };
  const file = name === 'reconciler' ? 'reconcile' : name;
  return { name, entry: `functions/${owner === 'TradingWorkflow' ? 'trading/' : ''}${file}.lambda.ts` };
}

function kilobytes({ gzip = 0 }: Variant): string {
  return gzip.toFixed(gzip < 10 ? 1 : 0);
}

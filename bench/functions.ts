// `npm run bench:functions`: each function of the stack as it would be deployed, beside the same without the diet: its size,
// and what it costs to start it. Side by side, in rotated rounds; nothing runs in AWS.
import { openBench } from './run.ts';
import { spreadOf } from './rounds.ts';
import { bundledNaively, deployedFunctions, type Variant } from './variants.ts';

const rounds = Number(process.env['ROUNDS'] ?? 9);

interface Compared {
  readonly name: string;
  readonly slim: Variant;
  readonly naive: Variant;
}

const compared: Compared[] = [];
for (const slim of await deployedFunctions()) {
  const { name, entry } = entryOf(slim.name);
  compared.push({ name, slim, naive: { ...(await bundledNaively(entry)), environment: slim.environment } });
}

const bench = await openBench();
const cpu = new Map<Variant, number[]>(
  compared.flatMap(({ slim, naive }) => [
    [slim, []],
    [naive, []],
  ]),
);
const variants = [...cpu.keys()];
for (let round = 0; round < rounds; round++)
  for (let turn = 0; turn < variants.length; turn++) {
    const variant = variants[(round + turn) % variants.length];
    if (variant) cpu.get(variant)?.push((await bench.evaluate(variant)).cpu);
  }
bench.close();

const lines = compared.map(({ name, slim, naive }) => {
  const [own, other] = [slim, naive].map((variant) => spreadOf(cpu.get(variant) ?? []).median);
  const cells = [name, kilobytes(slim), kilobytes(naive), own?.toFixed(0), other?.toFixed(0)];
  return `| ${cells.join(' | ')} |`;
});
process.stdout.write(
  [
    '| function | gzip KB | without the diet | CPU ms until started | without the diet |',
    '|---|--:|--:|--:|--:|',
    ...lines,
    '',
  ].join('\n'),
);
process.stdout.write(`\nMedian of ${rounds} rounds, Node's own start included, Node ${process.version}.\n`);

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

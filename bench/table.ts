// Formats the results as a Markdown table and a one-line summary. The bench prints both.
import { type Metric, metrics, type Result, type Spread } from './rounds.ts';
import { countersign } from './variants.ts';

const digits: Readonly<Record<Metric, number>> = { init: 0, cold: 0, warm: 0, cpu: 0, memory: 0 };

export function tableOf(results: readonly Result[]): string {
  const lines = [
    '| variant | gzip KB | files | init ms | cold ms | warm ms | CPU ms | memory MB | cold ÷ by hand | warm ÷ by hand | calls before the answer, cold / warm | calls after it |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...results.map(row),
  ];
  return lines.join('\n');
}

function row({ variant, inspected, absolute, ratio, toFloor }: Result): string {
  const [cold, warm] = inspected.before;
  const columns = [
    variant.name,
    variant.gzip === undefined ? '–' : variant.gzip.toFixed(variant.gzip < 10 ? 1 : 0),
    inspected.files,
    ...metrics.map(
      (metric) => `${absolute[metric].median.toFixed(digits[metric])} · ${spread(ratio[metric])}`,
    ),
    toFloor ? spread(toFloor.cold) : '–',
    toFloor ? spread(toFloor.warm) : '–',
    `${cold.length} / ${warm.length}`,
    inspected.after[1].length,
  ];
  return `| ${columns.join(' | ')} |`;
}

/** Shows the ratio of a variant to itself, which is always 1, without a range. */
function spread({ median, min, max }: Spread): string {
  if (min === 1 && max === 1) return '**1**';
  return `**${median.toFixed(2)}** (${min.toFixed(2)}–${max.toFixed(2)})`;
}

export function summaryOf(results: readonly Result[]): string {
  const own = results.find(({ variant }) => variant.name === countersign);
  if (!own) return '';
  const { variant, inspected, ratio, toFloor } = own;
  const [cold, warm] = inspected.before;
  const listed = (ratios: Result['ratio']) =>
    metrics.map((metric) => `${metric} ${ratios[metric].median.toFixed(2)}`).join(', ');
  const byHand = toFloor ? `; to the variant by hand: ${listed(toFloor)}` : '';
  return `${variant.name}: ${variant.gzip?.toFixed(0)} KB in ${inspected.files} file; ratio to the official example: ${listed(ratio)}${byHand}; calls before the answer: cold ${cold.join(', ')}, warm ${warm.join(', ')}.`;
}

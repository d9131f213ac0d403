// The results as one Markdown table and a line that sums them up. The bench prints them.
import { type Result, type Spread, timed, type Timed } from './rounds.ts';
import { countersign } from './variants.ts';

const digits: Readonly<Record<Timed, number>> = { init: 0, cold: 0, warm: 0, cpu: 0, memory: 0 };

export function tableOf(results: readonly Result[]): string {
  const lines = [
    '| variant | gzip KB | files | init ms | cold ms | warm ms | CPU ms | memory MB | calls before the answer, cold / warm | after it |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...results.map(row),
  ];
  return lines.join('\n');
}

function row({ variant, inspected, absolute, ratio }: Result): string {
  const [cold, warm] = inspected.before;
  const cells = [
    variant.name,
    variant.gzip === undefined ? '–' : variant.gzip.toFixed(variant.gzip < 10 ? 1 : 0),
    inspected.files,
    ...timed.map((figure) => `${absolute[figure].median.toFixed(digits[figure])} · ${spread(ratio[figure])}`),
    `${cold.length} / ${warm.length}`,
    inspected.after[1].length,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The first variant's own is 1. */
function spread({ median, min, max }: Spread): string {
  if (min === 1 && max === 1) return '**1**';
  return `**${median.toFixed(2)}** (${min.toFixed(2)}–${max.toFixed(2)})`;
}

export function summaryOf(results: readonly Result[]): string {
  const own = results.find(({ variant }) => variant.name === countersign);
  if (!own) return '';
  const { variant, inspected, ratio } = own;
  const [cold, warm] = inspected.before;
  const ratios = timed.map((figure) => `${figure} ${ratio[figure].median.toFixed(2)}`);
  return `${variant.name}: ${variant.gzip?.toFixed(0)} KB in ${inspected.files} file; to the official example ${ratios.join(', ')}; before the answer ${cold.join(', ')}; warm ${warm.join(', ')}.`;
}

// `npm run faults`: every outside call that the stories make, broken in every way, as a table; exit 1 where anything
// was lost, doubled, stuck, silent or untrue.  -- --seed 7 --part 2/5 (every fifth cell, from the second on) --row text --way text
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { synthesise } from '../local/synthesise.ts';
import { allCells, partOf, type Played, record } from './cases.ts';
import { playCells } from './play-cases.ts';
import { asTable } from './table.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    part: { type: 'string', default: '1/1' },
    row: { type: 'string', default: '' },
    way: { type: 'string', default: '' },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);
const assembly = mkdtempSync(join(tmpdir(), 'countersign-faults-'));
await synthesise(assembly);
const rows = await record(assembly);
const [part = 1, parts = 1] = values.part.split('/').map(Number);
const cells = partOf(allCells(rows), part, parts).filter(
  ({ row, way }) => row.name.includes(values.row) && way.includes(values.way),
);
say(
  `${rows.length} calls, ${allCells(rows).length} cells; ${cells.length} of them are played, with seed ${values.seed}`,
);
const played = await playCells(assembly, cells, values.seed, progress);
say(asTable(rows, played));
const red = played.filter(({ breaches }) => breaches.length > 0);
for (const { cell, where, breaches } of red) {
  const words = breaches.map(({ kind, words: told }) => `  ${kind}: ${told}`).join('\n');
  say(`\n${cell.row.name} · ${cell.way} (${where})\n${words}`);
}
say(`\n${played.length} cells, ${red.length} broken; seed ${values.seed}, part ${values.part}`);
rmSync(assembly, { recursive: true });
process.exitCode = red.length > 0 ? 1 : 0;

function progress({ cell, word, breaches }: Played): void {
  const kinds = [...new Set(breaches.map(({ kind }) => kind))].join(', ');
  process.stderr.write(`${cell.row.name} · ${cell.way}: ${kinds ? `BROKEN ${kinds}` : word}\n`);
}

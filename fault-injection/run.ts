// `npm run faults`: every outside call that the stories make, broken in every way, as a table; exit 1 where anything
// was lost, doubled, stuck, silent or untrue.  -- --seed 7 --part 2/5 (every fifth cell, from the second on) --row text --fault text
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { synthesise } from '../local/synthesise.ts';
import { allCases, partOf, type CaseResult, record } from './cases.ts';
import { playCases } from './play-cases.ts';
import { asTable } from './table.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    part: { type: 'string', default: '1/1' },
    row: { type: 'string', default: '' },
    fault: { type: 'string', default: '' },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);
const assembly = mkdtempSync(join(tmpdir(), 'countersign-faults-'));
await synthesise(assembly);
const rows = await record(assembly);
const [part = 1, parts = 1] = values.part.split('/').map(Number);
const cases = partOf(allCases(rows), part, parts).filter(
  ({ row, faultType }) => row.name.includes(values.row) && faultType.includes(values.fault),
);
say(
  `${rows.length} calls, ${allCases(rows).length} cells; ${cases.length} of them are played, with seed ${values.seed}`,
);
const played = await playCases(assembly, cases, values.seed, progress);
say(asTable(rows, played));
const red = played.filter(({ violations }) => violations.length > 0);
for (const { testCase, where, violations } of red) {
  const words = violations.map(({ kind, words: told }) => `  ${kind}: ${told}`).join('\n');
  say(`\n${testCase.row.name} · ${testCase.faultType} (${where})\n${words}`);
}
say(`\n${played.length} cells, ${red.length} broken; seed ${values.seed}, part ${values.part}`);
rmSync(assembly, { recursive: true });
process.exitCode = red.length > 0 ? 1 : 0;

function progress({ testCase, word, violations }: CaseResult): void {
  const kinds = [...new Set(violations.map(({ kind }) => kind))].join(', ');
  process.stderr.write(`${testCase.row.name} · ${testCase.faultType}: ${kinds ? `BROKEN ${kinds}` : word}\n`);
}

// `npm run faults`: plays the stories of `stories.ts`, injects every fault type into every external call in them, and
// prints a table. A developer runs it. It exits with 1 if an invariant is violated.
// Options: --seed 7, --part 2/5 (every fifth case from the second on), --row and --fault (part of a call's or a fault
// type's name).
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
  `${rows.length} calls, ${allCases(rows).length} cases; playing ${cases.length} of them with seed ${values.seed}`,
);
const played = await playCases(assembly, cases, values.seed, progress);
say(asTable(rows, played));
const failed = played.filter(({ violations }) => violations.length > 0);
for (const { testCase, where, violations } of failed) {
  const lines = violations.map(({ kind, description }) => `  ${kind}: ${description}`).join('\n');
  say(`\n${testCase.row.name} · ${testCase.faultType} (${where})\n${lines}`);
}
say(`\n${played.length} cases, ${failed.length} with violations; seed ${values.seed}, part ${values.part}`);
rmSync(assembly, { recursive: true });
process.exitCode = failed.length > 0 ? 1 : 0;

function progress({ testCase, recovery, violations }: CaseResult): void {
  const kinds = [...new Set(violations.map(({ kind }) => kind))].join(', ');
  process.stderr.write(
    `${testCase.row.name} · ${testCase.faultType}: ${kinds ? `VIOLATION ${kinds}` : recovery}\n`,
  );
}

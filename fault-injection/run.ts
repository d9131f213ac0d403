// `npm run faults`: plays the stories of `stories.ts`, injects every fault type into every external call in them, plays
// them in every state of the world, and prints two tables. A developer runs it. It exits with 1 if an invariant is
// violated.
// Options: --seed 7, --part 2/5 (every fifth case from the second on), --row (part of a call's or a state's name),
// --fault (part of a fault type's name; plays no states), --states (plays only the states), --story (part of a story's
// name; plays only the states).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { progress } from '../local/progress.ts';
import { synthesise } from '../local/synthesise.ts';
import { allCases, partOf, record } from './cases.ts';
import { playCases, playStates } from './play-cases.ts';
import { allStateCases } from './state-cases.ts';
import { asStateTable, asTable, kindsOf, stateRow } from './table.ts';
import type { Violation } from './violation.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    part: { type: 'string', default: '1/1' },
    row: { type: 'string', default: '' },
    fault: { type: 'string', default: '' },
    story: { type: 'string', default: '' },
    states: { type: 'boolean', default: false },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);
const assembly = mkdtempSync(join(tmpdir(), 'countersign-faults-'));
progress('Synthesising the stack …');
await synthesise(assembly);
const [part = 1, parts = 1] = values.part.split('/').map(Number);
const failed = [
  ...(values.states || values.story ? [] : await playFaults()),
  ...(values.fault ? [] : await playWorldStates()),
];
for (const { name, violations } of failed) {
  const lines = violations.map(({ kind, description }) => `  ${kind}: ${description}`).join('\n');
  say(`\n${name}\n${lines}`);
}
say(`\n${failed.length} cases with violations; seed ${values.seed}, part ${values.part}`);
rmSync(assembly, { recursive: true });
process.exitCode = failed.length > 0 ? 1 : 0;

interface Failed {
  readonly name: string;
  readonly violations: readonly Violation[];
}

async function playFaults(): Promise<readonly Failed[]> {
  progress('Recording the calls of the stories …');
  const rows = await record(assembly);
  const all = allCases(rows);
  const cases = partOf(all, part, parts).filter(
    ({ row, faultType }) => row.name.includes(values.row) && faultType.includes(values.fault),
  );
  say(`${rows.length} calls, ${all.length} cases; playing ${cases.length} of them with seed ${values.seed}`);
  const played = await playCases(assembly, cases, values.seed, ({ testCase, recovery, violations }) =>
    report(`${testCase.row.name} · ${testCase.faultType}`, recovery, violations),
  );
  say(asTable(rows, played));
  return played
    .filter(({ violations }) => violations.length > 0)
    .map(({ testCase: { row, faultType }, where, violations }) => ({
      name: `${row.name} · ${faultType} (${where})`,
      violations,
    }));
}

async function playWorldStates(): Promise<readonly Failed[]> {
  const all = allStateCases();
  const cases = partOf(all, part, parts).filter(
    (each) => stateRow(each).includes(values.row) && each.story.includes(values.story),
  );
  say(`\n${all.length} cases of states; playing ${cases.length} of them`);
  const played = await playStates(assembly, cases, ({ testCase, outcome, violations }) =>
    report(`${stateRow(testCase)} · ${testCase.story}`, outcome, violations),
  );
  say(asStateTable(played));
  return played
    .filter(({ violations }) => violations.length > 0)
    .map(({ testCase, violations }) => ({ name: `${stateRow(testCase)} · ${testCase.story}`, violations }));
}

function report(name: string, otherwise: string, violations: readonly Violation[]): void {
  const kinds = kindsOf(violations);
  progress(`${name}: ${kinds ? `VIOLATION ${kinds}` : otherwise}`);
}

// `npm run mutants:elsewhere`: changes the rules of approvals outside `domain/`, and compares the changes that no test
// notices with `survivors.json`. Fails if a survivor is not in that list, or if a listed one is killed. Options go to Stryker,
// such as `-- --concurrency 1`; `-- --compare-only` compares the list with the last run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Mutant {
  readonly status: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema */
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

/** The first line of what a mutant changes, and the text after the change. No line numbers: they change too often. */
interface Change {
  readonly line: string;
  readonly becomes: string;
}

/** Survivors in one file that have the same reason. */
interface Group {
  readonly file: string;
  readonly reason: string;
  readonly mutants: readonly Change[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const REPORT = '.local/mutants-elsewhere.json';
/** `Ignored`: a comment in the source says why. Any other status means that no test failed. */
const EXPECTED = ['Killed', 'Timeout', 'Ignored'];

const onOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function changeOf(source: string, { location: { start, end }, replacement = '' }: Mutant): Change {
  const lines = source.split('\n');
  const first = lines[start.line - 1] ?? '';
  const last = lines[end.line - 1] ?? '';
  const becomes = first.slice(0, start.column - 1) + replacement + last.slice(end.column - 1);
  return { line: onOneLine(first), becomes: onOneLine(becomes) };
}

function survivorsIn({ files }: Report): readonly string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => !EXPECTED.includes(status))
      .map((mutant) => JSON.stringify({ file, ...changeOf(source, mutant) })),
  );
}

/** Each element of `all` without one equal element of `others`. */
function without(all: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return all.filter((each) => {
    const index = left.indexOf(each);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function print(title: string, entries: readonly string[]): void {
  if (entries.length > 0) process.stdout.write(`\n${title}\n${entries.join('\n')}\n`);
}

const options = process.argv.slice(2);
if (!options.includes('--compare-only')) {
  const args = ['run', 'stryker.elsewhere.config.json', ...options];
  const { status } = spawnSync(`${root}node_modules/.bin/stryker`, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('Stryker failed. Its messages are above.');
}

const groups: readonly Group[] = JSON.parse(readFileSync(`${root}test/mutants/survivors.json`, 'utf8'));
const unexplained = groups.filter(({ reason, mutants }) => !reason.trim() || mutants.length === 0);
const listed = groups.flatMap(({ file, mutants }) =>
  mutants.map(({ line, becomes }) => JSON.stringify({ file, line, becomes })),
);
const report: Report = JSON.parse(readFileSync(`${root}${REPORT}`, 'utf8'));
const survivors = survivorsIn(report);
const unlisted = without(survivors, listed);
const killed = without(listed, survivors);

print('Survived, and not in test/mutants/survivors.json (write a test, or list it with a reason):', unlisted);
print('Listed in test/mutants/survivors.json, but killed or gone (take it out):', killed);
print(
  'Listed without a reason or without a mutant:',
  unexplained.map((group) => JSON.stringify(group)),
);
const total = Object.values(report.files).flatMap(({ mutants }) => mutants).length;
process.stdout.write(`\n${total} mutants: ${survivors.length} survived, and ${listed.length} are listed\n`);
if (unlisted.length + killed.length + unexplained.length > 0) process.exitCode = 1;

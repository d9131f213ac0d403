// `npm run mutants`, second part: takes out each condition of a vote in turn, and expects that a test fails. Stryker cannot
// do that, because the conditions are texts for DynamoDB.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The names of the conditions in `aws/votes.ts`. */
const names = [...readFileSync(`${root}aws/votes.ts`, 'utf8').matchAll(/^const ([A-Z_]+) =\s+'/gm)]
  .map(([, name = '']) => name)
  .filter((name) => /^(IS|IN|HAS|APPROVERS)_/.test(name));

const isKilled = (name: string) =>
  spawnSync(
    `${root}node_modules/.bin/vitest`,
    ['run', '--config', 'test/mutants/vote-conditions.config.ts'],
    {
      cwd: root,
      env: { ...process.env, WITHOUT: name },
    },
  ).status !== 0;

if (names.length < 9) throw new Error(`Found only these conditions: ${names.join(', ')}`);
if (isKilled('')) throw new Error('The tests of votes fail without any change.');
const survivors = names.filter((name) => {
  const killed = isKilled(name);
  process.stdout.write(`${killed ? 'killed  ' : 'survived'} ${name}\n`);
  return !killed;
});
if (survivors.length > 0) process.exitCode = 1;

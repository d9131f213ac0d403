// `npm run size`, part of the check: how large the two local stand-ins have become. They are fenced, and this is how
// one sees a fence give way.
import { globSync, readFileSync } from 'node:fs';

const ROOT = new URL('..', import.meta.url).pathname;

for (const [name, planned] of [
  ['local/cloud', 2_000],
  ['local/slack', 1_200],
] as const) {
  const lines = globSync(`${name}/**/*.{ts,js,css,html}`, { cwd: ROOT })
    .map((file) => readFileSync(`${ROOT}${file}`, 'utf8').split('\n').length - 1)
    .reduce((sum, each) => sum + each, 0);
  process.stdout.write(`${name}: ${lines} lines (planned: some ${planned})\n`);
}

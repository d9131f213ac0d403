// The file `.env`, which `npm start` and `npm run deploy` read: values are put there, and whatever else somebody wrote into
// it stays. Only who wrote it may read it.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export function readEnvFile(file: string): Readonly<Record<string, string | undefined>> {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

/** An empty value takes a line away. */
export function writeEnvFile(file: string, values: Readonly<Record<string, string>>): void {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  for (const [name, value] of Object.entries(values)) {
    const at = lines.findIndex((line) => line.startsWith(`${name}=`));
    const line = value === '' ? [] : [`${name}=${quoted(value)}`];
    if (at >= 0) lines.splice(at, 1, ...line);
    else lines.push(...line);
  }
  writeFileSync(file, `${lines.join('\n').trimStart()}\n`, { mode: 0o600 });
  // The mode above is for a new one.
  chmodSync(file, 0o600);
}

function quoted(value: string): string {
  return /^[\w.,:/-]*$/.test(value) ? value : `'${value}'`;
}

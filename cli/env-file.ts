// The file `.env`, which `npm start` and the operator's commands read: values are put there, and whatever else somebody wrote
// into it stays. Only who wrote it may read it. Variables of the environment go before it.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export type Variables = Readonly<Record<string, string | undefined>>;

export function readEnvFile(file: string): Variables {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

/** The file's, and over them those of the environment. */
export function variables(file: string): Variables {
  const own = Object.entries(process.env).filter(([, value]) => value !== undefined && value !== '');
  return { ...readEnvFile(file), ...Object.fromEntries(own) };
}

/** Puts these values last, in the place of all that had their names. They have no quotes and no line breaks in them. */
export function writeEnvFile(file: string, values: Readonly<Record<string, string>>): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const others = Object.keys(values).reduce(without, before).trimEnd();
  const own = Object.entries(values).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(file, `${[others, ...own].filter(Boolean).join('\n')}\n`, { mode: 0o600 });
  // The mode above is for a new one.
  chmodSync(file, 0o600);
}

/** A value in quotes may go over several lines. */
function without(text: string, name: string): string {
  const entry = new RegExp(`^(export )?${name}=('[^']*'|"[^"]*"|\`[^\`]*\`|[^\\n]*)[^\\n]*(\\n|$)`, 'gm');
  return text.replaceAll(entry, '');
}

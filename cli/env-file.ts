// Reads and writes the file `.env` for the operator's commands. Writing keeps all other lines of the file, and makes
// the file readable only by its owner.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export type Variables = Readonly<Record<string, string | undefined>>;

export function readEnvFile(file: string): Variables {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

/** Variables from the file and from the environment. The environment takes precedence. */
export function variables(file: string): Variables {
  const own = Object.entries(process.env).filter(([, value]) => value !== undefined && value !== '');
  return { ...readEnvFile(file), ...Object.fromEntries(own) };
}

/** Removes these variables from the file, then appends them. Values must not contain single quotes or line breaks. */
export function writeEnvFile(file: string, values: Readonly<Record<string, string>>): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const others = Object.keys(values).reduce(removeVariable, before).trimEnd();
  const own = Object.entries(values).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(file, `${[others, ...own].filter(Boolean).join('\n')}\n`, { mode: 0o600 });
  // `writeFileSync` applies its mode only to a new file.
  chmodSync(file, 0o600);
}

/** A quoted value may span several lines. */
function removeVariable(text: string, name: string): string {
  const entry = new RegExp(`^(export )?${name}=('[^']*'|"[^"]*"|\`[^\`]*\`|[^\\n]*)[^\\n]*(\\n|$)`, 'gm');
  return text.replaceAll(entry, '');
}

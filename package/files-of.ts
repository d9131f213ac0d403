// Reads a cloud assembly, to compare it with another one byte by byte. The package's test and `npm run package:check`
// call it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Path of each file in the folder → its content, without the stack traces that CDK adds. */
export function filesOf(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const files = paths.filter(
    (path) => !path.endsWith('.metadata.json') && statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

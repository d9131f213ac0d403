// Takes the place of `stack/bundle.ts` in the package, so that an app of yours needs no esbuild and no Bolt: the package
// contains the bundles of the functions. `build.ts` replaces the import.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** @param entry path of the function's entry file in the project: `…/functions/report-failure.lambda.ts` */
export function bundled(entry: string): Code {
  const folder = fileURLToPath(new URL(`functions/${basename(entry, '.lambda.ts')}`, import.meta.url));
  if (!existsSync(folder)) throw new Error(`The package countersign has no bundle of ${basename(entry)}.`);
  return Code.fromAsset(folder);
}

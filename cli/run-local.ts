// `countersign local`: runs an app with the package `countersign-local`, which contains the local cloud and the local
// Slack. It is a package of its own, so that the constructs stay small.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stopped } from './usage-error.ts';

export const localUsage = 'npx countersign local [--assembly cdk.out] [--port 3000] [--aws-port 4566]';

export async function runLocal(args: readonly string[]): Promise<void> {
  const { run }: { run: (given: readonly string[]) => Promise<void> } = await import(entry());
  await run(args);
}

function entry(): string {
  try {
    // The package is installed in the app, not beside this file, if npx runs another copy.
    return pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve('countersign-local'))
      .href;
  } catch {
    throw new Stopped(
      'countersign local needs the package countersign-local. Install it in your app: npm install --save-dev countersign-local',
    );
  }
}

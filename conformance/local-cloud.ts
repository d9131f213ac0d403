// Runs the conformance stack in the local cloud, with a simulated clock. `run.ts` starts it by default, and so do the
// tests of the cases.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { createClock, startCloud } from '../local/cloud/index.ts';
import { type Aws, createAws } from './aws.ts';
import { ConformanceStack, type FunctionFile } from './stack.ts';

export interface LocalCloud {
  readonly aws: Aws;
  readonly url: string;
  readonly outputs: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

type Log = Parameters<typeof startCloud>[0]['log'];

export async function startLocalCloud(log: Log = () => {}): Promise<LocalCloud> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-conformance-'));
  const app = new App({ outdir: join(folder, 'assembly') });
  new ConformanceStack(app, (file) => codeOf(file, folder));
  const clock = createClock();
  const cloud = await startCloud({
    assembly: app.synth().directory,
    clock,
    port: 0,
    environment: () => ({}),
    log,
  });
  const aws = createAws({
    endpoint: cloud.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'any' },
    outputs: cloud.outputs,
    now: () => clock.now(),
    async wait(seconds) {
      // Skip long times, in which the rule would send an event every minute.
      if (seconds > 3_600) clock.skip(seconds * 1000);
      await cloud.advance(seconds > 3_600 ? 0 : seconds * 1000);
    },
  });
  return {
    aws,
    url: cloud.url,
    outputs: cloud.outputs,
    async close() {
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The code of a function is one file, as in an account. */
function codeOf(file: FunctionFile, folder: string): Code {
  const output = join(folder, file);
  mkdirSync(output);
  copyFileSync(new URL(`functions/${file}.cjs`, import.meta.url), join(output, 'index.js'));
  return Code.fromAsset(output);
}

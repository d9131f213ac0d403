// Runs the stack of an app that knows nothing of the local cloud: `cdk init` creates it, and CDK's command line synthesises
// it with all defaults, the app's own metadata among them.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { createClock, startCloud } from '../../../local/cloud/index.ts';

const cdk = resolve('node_modules/aws-cdk/bin/cdk');

function change(file: string, more: object): void {
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...more }));
}

it('the stack of an app that `cdk init` creates runs as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
  const run = (...args: readonly string[]) =>
    execFileSync(process.execPath, [cdk, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  run('init', 'app', '--language=typescript', '--generate-only');
  cpSync('test/local/cloud/foreign-app', folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['aws-cdk-lib', 'constructs', 'esbuild'])
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  // The only changes: the app's file, and what `npm install` would write.
  change(join(folder, 'cdk.json'), { app: 'node app.cjs' });
  change(join(folder, 'package.json'), { type: 'module' });
  writeFileSync(join(folder, 'package-lock.json'), '{ "lockfileVersion": 3 }');
  run('synth', '--quiet');

  const assembly = join(folder, 'cdk.out');
  const template = JSON.parse(readFileSync(join(assembly, 'Foreign.template.json'), 'utf8'));
  expect(template).toMatchObject({
    Conditions: { CDKMetadataAvailable: expect.anything() },
    Rules: { CheckBootstrapVersion: expect.anything() },
    Resources: { CDKMetadata: { Condition: 'CDKMetadataAvailable' } },
  });

  const cloud = await startCloud({
    assembly,
    clock: createClock(),
    port: 0,
    environment: () => ({}),
    log: () => {},
  });
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };
  const states = new SFNClient({ endpoint: cloud.url, region: 'us-east-1', credentials });
  const input = JSON.stringify({ count: 21 });
  const start = new StartExecutionCommand({ stateMachineArn: cloud.outputs['Arn'], input });
  const { executionArn } = await states.send(start);
  await cloud.settled();
  const { status, output = '{}' } = await states.send(new DescribeExecutionCommand({ executionArn }));
  const { StatusCode, Payload } = JSON.parse(output);
  expect({ status, StatusCode, Payload }).toEqual({
    status: 'SUCCEEDED',
    StatusCode: 200,
    Payload: {
      doubled: 42,
      isPlain: true,
      sdk: true,
      packageOfTheApp: 'MODULE_NOT_FOUND',
      memory: '128',
      hasThreeSeconds: true,
    },
  });
  await cloud.close();
  rmSync(folder, { recursive: true });
});

// Tests the command line of `npm run conformance`, as a process. A stand-in for CDK's command line records its arguments.
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { STACK } from '../../conformance/stack-name.ts';

const PROGRAM = fileURLToPath(new URL('../../conformance/run.ts', import.meta.url));

/** @param environment replaces that of the tests, which has credentials */
async function run(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  input = '',
  follow: (child: ChildProcess) => void = () => {},
) {
  const cwd = mkdtempSync(join(tmpdir(), 'countersign-conformance-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...environment,
  };
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env });
  child.stdin.end(input);
  follow(child);
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { out, err, code };
}

const account = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

/** A folder with a `cdk` that writes this environment into the manifest, and a file with its calls. */
function standInForCdk(environment: string, deployed?: object) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-cdk-'));
  const calls = join(folder, 'calls');
  const manifest = JSON.stringify({ artifacts: { [STACK]: { environment } } });
  writeFileSync(calls, '');
  writeFileSync(
    join(folder, 'cdk'),
    `#!/usr/bin/env node
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(calls)}, args.slice(0, 2).join(' ') + '\\n');
const deployed = ${JSON.stringify(deployed)};
if (args[0] === 'deploy' && deployed) {
  writeFileSync(args[args.indexOf('--outputs-file') + 1], JSON.stringify(deployed));
  setTimeout(() => {}, 1000);
  return;
}
if (args[0] !== 'synth') process.exit(args[0] === 'destroy' && deployed ? 0 : 1);
const output = args[args.indexOf('--output') + 1];
mkdirSync(output, { recursive: true });
writeFileSync(output + '/manifest.json', ${JSON.stringify(manifest)});
`,
  );
  chmodSync(join(folder, 'cdk'), 0o755);
  return { PATH: `${folder}:${process.env['PATH']}`, calls: () => readFileSync(calls, 'utf8') };
}

it('--aws names account, region and cost, and deploys nothing without a yes', async () => {
  const { PATH, calls } = standInForCdk('aws://111122223333/eu-central-1');
  const { out, err, code } = await run(['--aws'], { ...account, PATH }, 'n\n');
  expect(out).toContain('Account 111122223333, region eu-central-1');
  expect(out).toMatch(/Cost: at most USD 0\.00\d /);
  expect([err.split('\n').slice(-2), code, calls()]).toEqual([
    ['Nothing was deployed.', ''],
    1,
    `synth ${STACK}\n`,
  ]);
});

it('--aws removes what a failed deployment left, and exits with 1', async () => {
  const { PATH, calls } = standInForCdk('aws://111122223333/eu-central-1');
  const { code, err } = await run(['--aws', '--yes'], { ...account, PATH });
  expect([code, calls()]).toEqual([1, `synth ${STACK}\ndeploy ${STACK}\ndestroy ${STACK}\n`]);
  expect(err).toContain('aws cloudformation delete-stack --region eu-central-1');
});

it('--aws without a region and credentials says what to do', async () => {
  const { out, code } = await run(['--aws'], {});
  expect(out).toContain('export AWS_REGION=eu-central-1');
  expect(out).toContain('aws sso login');
  expect(code).toBe(1);
});

it('--aws says so if CDK cannot find the account', async () => {
  const { PATH } = standInForCdk('aws://unknown-account/unknown-region');
  const { err, code } = await run(['--aws'], { ...account, PATH });
  expect([err.split('. ')[0], code]).toEqual([
    'Synthesising the stack …\nCDK cannot find the account of these credentials (aws://unknown-account/unknown-region)',
    1,
  ]);
});

it('--aws refuses an endpoint in the environment, because it would not reach AWS', async () => {
  const { err, code } = await run(['--aws'], { ...account, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' });
  expect([err.split('\n')[0], code]).toEqual([
    'AWS_ENDPOINT_URL is http://127.0.0.1:4566, so --aws would not reach AWS. Unset it, or pass --endpoint http://127.0.0.1:4566 in place of --aws.',
    1,
  ]);
});

it('--endpoint says so if there is no CloudFormation', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(400).end('<Code>UnknownOperationException</Code>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { err, code } = await run(['--endpoint', url], {});
  expect([err.split(',')[0], code]).toEqual([`${url} has no CloudFormation`, 1]);
});

it('--endpoint deploys at the endpoint, with credentials of any value', async () => {
  const server = createServer((_request, response) => {
    response.end('<ListStacksResponse></ListStacksResponse>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { PATH, calls } = standInForCdk('aws://000000000000/us-east-1');
  const { code } = await run(['--endpoint', url], { PATH });
  expect([code, calls()]).toEqual([1, `synth ${STACK}\ndeploy ${STACK}\ndestroy ${STACK}\n`]);
});

it('removes the stack after Ctrl-C', async () => {
  const server = createServer((_request, response) => {
    response.end('<ListStacksResponse></ListStacksResponse>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { PATH, calls } = standInForCdk('aws://000000000000/us-east-1', { [STACK]: {} });
  const { code, err, out } = await run(['--endpoint', url], { PATH }, '', (child) => {
    child.stdout?.on('data', (chunk) => {
      if (String(chunk).includes('Deploying Countersign-conformance\n\n')) child.kill('SIGINT');
    });
  });
  expect([code, err, calls()]).toEqual([
    1,
    'Synthesising the stack …\nStopped.\n',
    `synth ${STACK}\ndeploy ${STACK}\ndestroy ${STACK}\n`,
  ]);
  expect(out).not.toMatch(/^same|^DIFFERS/m);
});

it('--endpoint says so if nothing answers there', async () => {
  const { err, code } = await run(['--endpoint', 'http://127.0.0.1:9'], {});
  expect([err.split(' (')[0], code]).toEqual(['http://127.0.0.1:9 does not answer', 1]);
});

it('--only refuses a text that no name has', async () => {
  const { err, code } = await run(['--only', 'no such case'], {});
  expect([err.split('.')[0], code]).toEqual(['No case has "no such case" in its name', 1]);
});

// Tests the package as somebody who installs it: in an app that `cdk init` creates outside the repository, with nothing
// but the package, its companion and its peers. `npm run package:check` tests it with other versions of the peers, which it downloads.
import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestTerms } from '../../domain/terms.ts';
import type { Message } from '../../local/slack/slack.ts';
import { filesOf } from '../../package/files-of.ts';
import { BEN, CHLOE, openDesk } from '../support/trading-desk.ts';

const PEERS = ['aws-cdk-lib', 'constructs'];
const folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
const app = join(folder, 'app');
const modules = join(app, 'node_modules');
const installed = join(modules, 'countersign');
const assembly = join(folder, 'cdk.out');
let packed: { readonly size: number; readonly files: readonly { readonly path: string }[] };
let packedLocal: typeof packed;

const run = (command: string, args: readonly string[], cwd: string, env: object = {}): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });

const node = (args: readonly string[], env: object = {}): string => run(process.execPath, args, app, env);

/** TypeScript of the project, and the older one that API Extractor contains. */
const compilers = {
  '7': resolve('node_modules/typescript/bin/tsc'),
  '6': createRequire(resolve('node_modules/@microsoft/api-extractor/package.json')).resolve(
    'typescript/bin/tsc',
  ),
} as const;

const tsc = (version: keyof typeof compilers, ...options: readonly string[]): string =>
  // The types of jest are not installed.
  node([compilers[version], '-p', app, '--types', 'node', ...options]);

beforeAll(() => {
  const built = join(folder, 'built');
  run(process.execPath, [resolve('package/build.ts'), built], '.');
  const pack = (from: string) =>
    JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], from));
  [packed] = pack(built);
  [packedLocal] = pack(`${built}-local`);
  mkdirSync(app);
  node([resolve('node_modules/aws-cdk/bin/cdk'), 'init', 'app', '--language=typescript', '--generate-only']);
  for (const each of ['bin', 'lib', 'test']) rmSync(join(app, each), { recursive: true });
  copyFileSync('test/package/app.ts', join(app, 'app.ts'));
  mkdirSync(modules);
  for (const each of [...PEERS, '@types']) symlinkSync(resolve('node_modules', each), join(modules, each));
  for (const name of ['countersign', 'countersign-local']) {
    const tarball = join(folder, `${name}-0.1.0.tgz`);
    mkdirSync(join(modules, name), { recursive: true });
    run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, name)], folder);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the package', () => {
  it('has less than 1 MB, no dependencies, and nothing of tests or of the local stack', () => {
    expect(packed.size).toBeLessThan(1_000_000);
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.bin).toEqual({ countersign: './cli/countersign.js' });
    expect(Object.keys(manifest.peerDependencies)).toEqual(['@slack/bolt', ...PEERS]);
    expect(manifest.peerDependenciesMeta).toEqual({ '@slack/bolt': { optional: true } });
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'bot.d.mts',
        'index.d.ts',
        'index.js',
        'cli/countersign.js',
        'manifest.yml',
        'THIRD-PARTY-LICENSES.txt',
      ]),
    );
    expect(paths.filter((path) => /test|local|trading|bench/.test(path))).toEqual([]);
  });

  it('has a companion with the local stack, of less than 1 MB and without dependencies', () => {
    expect(packedLocal.size).toBeLessThan(1_000_000);
    const manifest = JSON.parse(readFileSync(join(modules, 'countersign-local/package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'countersign-local', engines: { node: '>=24' } });
    expect(manifest.dependencies).toBeUndefined();
  });

  it('has a command without functions that Node.js 20 lacks', () => {
    const command = readFileSync(join(installed, 'cli/countersign.js'), 'utf8');
    expect(
      command.match(/\b(Array\.fromAsync|Promise\.withResolvers|URL\.parse|Object\.groupBy)\b/g),
    ).toBeNull();
  });

  it('has the public API of the report; if you changed it on purpose, run this test with -u', async () => {
    const report = readFileSync(join(installed, 'countersign.api.md'), 'utf8');
    await expect(report).toMatchFileSnapshot('../../package/countersign.api.md');
    // Members of exported classes have exported types, or types of the CDK.
    expect(report.match(/^(abstract )?class \w+/gm)).toBeNull();
  });

  it.each([
    ['7', 'preserve', 'bundler'],
    ['6', 'node16', 'node16'],
  ] as const)(
    'has types for TypeScript %s, module %s, moduleResolution %s',
    (version, module, resolution) => {
      const options = ['--skipLibCheck', 'false', '--module', module, '--moduleResolution', resolution];
      expect(() => tsc(version, ...options)).not.toThrow();
    },
  );

  it('gives an app the template and the assets, byte by byte, that its source gives', () => {
    tsc('7', '--noEmit', 'false', '--outDir', 'out');
    node(['out/app.js'], { CDK_OUTDIR: assembly });
    const fromSource = join(folder, 'source.out');
    run(process.execPath, [resolve('test/package/app.ts')], '.', { CDK_OUTDIR: fromSource });
    expect(filesOf(assembly)).toEqual(filesOf(fromSource));
  });

  it('gives it the same assets with the oldest peers, which npm installs', { timeout: 300_000 }, () => {
    const oldest = join(folder, 'oldest');
    mkdirSync(oldest);
    const peers = ['aws-cdk-lib@2.225.0', 'constructs@10.4.2'];
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...peers], oldest);
    cpSync(installed, join(oldest, 'node_modules/countersign'), { recursive: true });
    copyFileSync(join(app, 'out/app.js'), join(oldest, 'app.js'));
    const synthesised = join(folder, 'oldest.out');
    run(process.execPath, ['app.js'], oldest, { CDK_OUTDIR: synthesised });
    const assetsIn = (out: string) =>
      Object.entries(filesOf(out)).filter(([path]) => path.startsWith('asset.'));
    expect(assetsIn(synthesised)).toEqual(assetsIn(assembly));
    expect(assetsIn(synthesised)).toHaveLength(5);
  });

  it('runs on the local cloud: asks by two policies, changes the terms of one request, and tells both results', async () => {
    const desk = await openDesk({ assembly, manifest: join(installed, 'manifest.yml') });
    const start = async (machine: string, input: object) => {
      const stateMachineArn = desk.cloud.outputs[`${machine}Arn`] ?? '';
      const { executionArn = '' } = await desk.sfn.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
      );
      await desk.cloud.settled();
      await desk.cloud.advance(2_000);
      return executionArn;
    };
    const about = (title: string) => {
      const message = desk.posts().find(({ text }) => text.includes(title));
      if (!message) throw new Error(`Nothing was posted about ${title}`);
      return message;
    };
    const until = ({ text }: Message) => Number(/by <!date\^(\d+)/.exec(text)?.[1]) * 1_000;
    const migration = (rows: number) => ({
      request: { title: `Migrate ${rows} rows`, facts: [], reason: '', terms: { rows } },
    });
    try {
      await start('Refund', { request: { title: 'Refund an order', facts: [], reason: '' } });
      const execution = await start('Migration', migration(100));
      const [refund, asked] = [about('Refund an order'), about('Migrate 100 rows')];
      expect([refund.channel, asked.channel]).toEqual(['C0REFUNDS', 'C0DATABASE']);
      expect(Math.round((until(asked) - until(refund)) / 60_000)).toBe(225);
      await desk.press(BEN, asked, 'approve');
      const amendment = { expectedDigest: digestTerms({ rows: 100 }).digest, ...migration(200) };
      await start('Amendments', { execution, amendment });
      expect(desk.now(asked).text).toMatch(/^Pending: Migrate 200 rows\n.*Needs 2 approvals/);
      expect(desk.replies(asked)).toMatchObject([
        { text: expect.stringContaining('<@U0BEN>, your approval') },
      ]);
      await desk.press(BEN, refund, 'approve');
      await desk.press(BEN, asked, 'approve');
      await desk.press(CHLOE, asked, 'approve');
      expect(desk.now(refund).text).toMatch(/^Refunded: Refund an order\n/);
      expect(desk.now(asked).text).toMatch(/^Migrated: Migrate 200 rows\n.*Orders are in v2\./);
      expect(desk.replies(asked).at(-1)?.text).toContain('*Migrated.*');
      const { output = '{}' } = await desk.execution(execution);
      expect(JSON.parse(output).approval).toMatchObject({
        outcome: 'approved',
        termsDigest: digestTerms({ rows: 200 }).digest,
        votes: [{ by: BEN }, { by: CHLOE }],
      });
      await operate(desk);
    } finally {
      await desk.stop();
    }
  });

  /** What an operator does with the package's command, from the outputs of the stack alone. */
  async function operate({ cloud, slack }: Awaited<ReturnType<typeof openDesk>>): Promise<void> {
    const env = {
      AWS_ENDPOINT_URL: cloud.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      SLACK_API_URL: slack.apiUrl,
    };
    // Not synchronous, because the cloud and Slack answer from this process.
    const countersign = async (...args: readonly string[]) => {
      const command = promisify(execFile)(
        process.execPath,
        [join(installed, 'cli/countersign.js'), ...args, '--stack', 'Operations'],
        { cwd: app, env: { ...process.env, ...env } },
      );
      return (await command).stdout;
    };
    const checked = await countersign('check');
    for (const channel of ['C0REFUNDS', 'C0DATABASE'])
      expect(checked).toContain(`✓ channel ${channel}: the app is a member`);
    expect(checked).toContain('✓ a request signed with the secret in AWS: answered 200');
    expect(checked).toContain('All checks passed.');
    const today = new Date().toISOString().slice(0, 10);
    const days = ['--from', today, '--to', today];
    expect(await countersign('audit:export', ...days)).toMatch(/,approved,/);
    expect(await countersign('audit:verify', ...days)).toContain('No differences.');
    // The same app again: setup compares its values with those of the secret.
    const secrets = new SecretsManagerClient({
      endpoint: cloud.url,
      region: env.AWS_REGION,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    const SecretId = cloud.outputs['SecretName'];
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const { botToken, signingSecret } = JSON.parse(SecretString);
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: '{}' }));
    const given = ['--bot-token', botToken, '--signing-secret', signingSecret];
    const out = await countersign('setup', ...given);
    expect(decodeURIComponent(out)).toContain(`"request_url":"${cloud.outputs['BotUrl']}"`);
    expect(out).toContain(`Saved to the secret ${SecretId} in us-east-1.`);
    expect(out).toContain('Next: npx countersign check --stack Operations');
    for (const hidden of [botToken, signingSecret]) expect(out).not.toContain(hidden);
    expect(await countersign('check')).toContain('All checks passed.');
  }

  it('runs the app with the local stack: countersign local', { timeout: 120_000 }, async () => {
    const command = [join(installed, 'cli/countersign.js'), 'local', '--port', '0', '--aws-port', '0'];
    expect(() => node(command)).toThrow('The app has no CDK command line. Install it: npm install');
    symlinkSync(resolve('node_modules/aws-cdk'), join(modules, 'aws-cdk'));
    writeFileSync(join(app, 'cdk.json'), JSON.stringify({ app: 'node out/app.js' }));
    const local = spawn(process.execPath, command, { cwd: app });
    let said = '';
    for (const output of [local.stdout, local.stderr]) output.on('data', (text) => (said += text));
    try {
      await expect.poll(() => said, { timeout: 60_000 }).toContain('Press Ctrl-C to stop.');
      const [, slack = ''] = /Slack +(\S+)/.exec(said) ?? [];
      const [, endpoint = ''] = /AWS +(\S+)/.exec(said) ?? [];
      const [stateMachineArn] = /arn:aws:states\S+Migration\S+/.exec(said) ?? [];
      for (const file of ['', 'emoji.woff2', 'preact.js'])
        expect((await fetch(`${slack}/${file}`)).status).toBe(200);
      const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
      const states = new SFNClient({ endpoint, region: 'us-east-1', credentials });
      const request = { title: 'Migrate orders to v2', facts: [], reason: '' };
      const input = JSON.stringify({ request });
      await states.send(new StartExecutionCommand({ stateMachineArn, input }));
      const page = async () => (await fetch(`${slack}/page/state?person=U0BEN`)).text();
      await expect.poll(page, { timeout: 20_000 }).toContain('Migrate orders to v2');
    } finally {
      local.kill('SIGTERM');
    }
    const [code] = await once(local, 'close');
    expect({ code, isEnded: said.endsWith('Ended.\n') }).toEqual({ code: 0, isEnded: true });
  });

  it('is loaded by require and by import', () => {
    const list = 'Object.keys(countersign).filter((name) => name !== "default").toSorted().join()';
    const required = node(['-p', `const countersign = require('countersign'); ${list}`]);
    const module = `import * as countersign from 'countersign'; console.log(${list});`;
    const imported = node(['--input-type=module', '-e', module]);
    expect(required.trim()).toBe('Alarms,ApprovalsOfStage,PublishResult,RequestApproval,SlackApprovals');
    expect(imported).toContain('Alarms,');
    expect(imported).toContain('SlackApprovals');
  });
});

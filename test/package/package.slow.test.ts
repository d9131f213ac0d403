// Tests the package as somebody who installs it: outside the repository, with nothing but the package and its peers.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEN, openDesk } from '../support/trading-desk.ts';

const PEERS = ['aws-cdk-lib', 'constructs'];
const folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
const app = join(folder, 'app');
const modules = join(app, 'node_modules');
let packed: { readonly size: number; readonly files: readonly { readonly path: string }[] };

const run = (command: string, args: readonly string[], cwd: string, env: object = {}): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });

beforeAll(() => {
  const built = join(folder, 'built');
  run(process.execPath, [resolve('package/build.ts'), built], '.');
  [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], built));
  mkdirSync(join(modules, 'countersign'), { recursive: true });
  for (const peer of PEERS) symlinkSync(resolve('node_modules', peer), join(modules, peer));
  const tarball = join(folder, 'countersign-0.1.0.tgz');
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, 'countersign')], folder);
  copyFileSync('test/package/app.ts', join(app, 'app.ts'));
  writeFileSync(join(app, 'package.json'), '{"name":"app","private":true}');
  // What `cdk init app --language typescript` writes, as far as it concerns types.
  const compilerOptions = {
    target: 'ES2022',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    outDir: 'out',
    rootDir: '.',
    skipLibCheck: true,
    types: [],
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the package', () => {
  it('has less than 1 MB, no dependencies, and nothing of tests or of the local stack', () => {
    expect(packed.size).toBeLessThan(1_000_000);
    const manifest = JSON.parse(readFileSync(join(modules, 'countersign/package.json'), 'utf8'));
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.peerDependencies)).toEqual(PEERS);
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['index.js', 'manifest.yml', 'THIRD-PARTY-LICENSES.txt']));
    expect(paths.filter((path) => /test|local|trading|bench/.test(path))).toEqual([]);
  });

  it('is compiled, synthesised and run: a request is approved, and its result is told', async () => {
    run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', app], app);
    const assembly = join(folder, 'cdk.out');
    run(process.execPath, ['out/app.js'], app, { CDK_OUTDIR: assembly });
    const desk = await openDesk({ assembly, manifest: join(modules, 'countersign/manifest.yml') });
    try {
      const message = await desk.askOutsideSlack({});
      expect(message.text).toMatch(/^Migrate orders to v2\?\n<@U0BEN> or <@U0CHLOE>, decide by /);
      await desk.press(BEN, message, 'approve');
      expect(desk.now(message).text).toMatch(/^Migrated: Migrate orders to v2\n.*Orders are in v2\./);
      expect(desk.replies(message)).toMatchObject([{ text: expect.stringContaining('*Migrated.*') }]);
    } finally {
      await desk.stop();
    }
  });

  it('is loaded by require and by import', () => {
    const list = 'Object.keys(countersign).filter((name) => name !== "default").toSorted().join()';
    const required = run(
      process.execPath,
      ['-p', `const countersign = require('countersign'); ${list}`],
      app,
    );
    const module = `import * as countersign from 'countersign'; console.log(${list});`;
    const imported = run(process.execPath, ['--input-type=module', '-e', module], app);
    expect(required.trim()).toBe('Alarms,PublishResult,RequestApproval,SlackApprovals');
    expect(imported).toContain('Alarms,');
    expect(imported).toContain('SlackApprovals');
  });
});

// `npm run package:check`: installs the package in apps that `cdk init` creates, with the oldest and the newest peers, and
// runs one app in every way that the package supports. It downloads those versions, so CI does not run it.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { progress } from '../local/progress.ts';
import { filesOf } from './files-of.ts';

const PEERS = {
  oldest: ['aws-cdk-lib@2.225.0', 'constructs@10.4.2'],
  newest: ['aws-cdk-lib@latest', 'constructs@latest'],
} as const;
/** Beside what `cdk init` writes into the app's package.json: jest, tsx and TypeScript 7. */
const MORE = ['typescript-5.9@npm:typescript@5.9.3', 'node@20.20.2'] as const;
const LINTERS = ['publint@0.3.25', '@arethetypeswrong/cli@0.18.5'] as const;

type Peers = keyof typeof PEERS;
/** Throws if the app does not work in this way. Returns the folder of the assembly, if the way has one. */
type Way = (app: string) => string | undefined;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'countersign-check-'));
const failures: string[] = [];

const ways: Readonly<Record<string, Way>> = {
  'TypeScript 7, nodenext': types('typescript', 'nodenext', 'nodenext'),
  'TypeScript 7, node16': types('typescript', 'node16', 'node16'),
  'TypeScript 7, bundler': types('typescript', 'preserve', 'bundler'),
  'TypeScript 5.9, nodenext': types('typescript-5.9', 'nodenext', 'nodenext'),
  'TypeScript 5.9, node16': types('typescript-5.9', 'node16', 'node16'),
  'TypeScript 5.9, bundler': types('typescript-5.9', 'preserve', 'bundler'),
  'require, Node 24': synthesised(process.execPath, 'out/app.js'),
  'import, Node 24': synthesised(process.execPath, 'out/app.mjs'),
  'require, Node 20': synthesised('node_modules/.bin/node', 'out/app.js'),
  'import, Node 20': synthesised('node_modules/.bin/node', 'out/app.mjs'),
  tsx: synthesised(process.execPath, 'node_modules/tsx/dist/cli.mjs', 'app.ts'),
  jest: synthesised(process.execPath, 'node_modules/jest/bin/jest.js'),
};

try {
  progress('Building the package …');
  const tarball = pack();
  progress('Synthesising the app from the sources …');
  const source = join(folder, 'source');
  run(process.execPath, [join(root, 'test/package/app.ts')], root, { CDK_OUTDIR: source });
  const assets = assetsOf(filesOf(source));
  const columns = (Object.keys(PEERS) as Peers[]).map((peers) => check(peers, tarball, assets));
  for (const way of Object.keys(ways)) say([way, ...columns.map((column) => column[way] ?? '')]);
  progress('Running the linters of packages …');
  lint(tarball);
} finally {
  rmSync(folder, { recursive: true });
}
for (const failure of failures) process.stderr.write(`\n${failure}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

function pack(): string {
  const built = join(folder, 'built');
  run(process.execPath, [join(root, 'package/build.ts'), built], root);
  return join(folder, run('npm', ['pack', '--silent', '--pack-destination', folder], built).trim());
}

/** Returns the cells of one column: for each way whether it works. */
function check(peers: Peers, tarball: string, assets: object): Readonly<Record<string, string>> {
  progress(`Installing the ${peers} peers, and trying the app in each way …`);
  const app = install(peers, tarball);
  say([`${peers} peers`, ...PEERS[peers].map((peer) => installedVersion(app, peer))]);
  let template: object | undefined;
  const cells = Object.entries(ways).map(([way, attempt]) => {
    const problem = problemOf(() => {
      const assembly = attempt(app);
      if (!assembly) return;
      const files = filesOf(assembly);
      template ??= files;
      if (!isDeepStrictEqual(assetsOf(files), assets))
        throw new Error('Its assets differ from the source’s.');
      if (!isDeepStrictEqual(files, template)) throw new Error('Its template differs from the first one.');
    });
    if (problem) failures.push(`${way}, ${peers} peers: ${problem}`);
    return [way, problem ? 'FAILED' : 'ok'];
  });
  return Object.fromEntries(cells);
}

function install(peers: Peers, tarball: string): string {
  const app = join(folder, peers);
  mkdirSync(app);
  const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
  run(process.execPath, [cdk, 'init', 'app', '--language=typescript', '--generate-only'], app);
  for (const each of ['bin', 'lib', 'test']) rmSync(join(app, each), { recursive: true });
  for (const name of ['app.ts', 'app.mts']) copyFileSync(join(root, 'test/package/app.ts'), join(app, name));
  mkdirSync(join(app, 'test'));
  writeFileSync(join(app, 'test/app.test.ts'), "test('synthesises', () => void require('../app'));\n");
  const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
  delete manifest.devDependencies['aws-cdk'];
  manifest.allowScripts = { node: true };
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--no-audit', '--no-fund', tarball, ...PEERS[peers], ...MORE], app);
  configureJest(app);
  run(process.execPath, [...tsc('typescript'), '--noEmit', 'false', '--outDir', 'out'], app);
  return app;
}

/** Removes a line of today's `cdk init` that names a module which the oldest `aws-cdk-lib` does not have. */
function configureJest(app: string): void {
  if (existsSync(join(app, 'node_modules/aws-cdk-lib/testhelpers/jest-autoclean.js'))) return;
  const config = join(app, 'jest.config.js');
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^.*jest-autoclean.*$/m, ''));
}

function tsc(compiler: string): readonly string[] {
  return [`node_modules/${compiler}/bin/tsc`, '-p', '.'];
}

function types(compiler: string, module: string, resolution: string): Way {
  return (app) => {
    const options = ['--skipLibCheck', 'false', '--module', module, '--moduleResolution', resolution];
    run(process.execPath, [...tsc(compiler), ...options], app);
    return undefined;
  };
}

function synthesised(command: string, ...args: readonly string[]): Way {
  return (app) => {
    const assembly = mkdtempSync(join(folder, 'assembly-'));
    run(command, args, app, { CDK_OUTDIR: assembly });
    return assembly;
  };
}

function assetsOf(files: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith('asset.')));
}

/** https://publint.dev/docs/cli, https://github.com/arethetypeswrong/arethetypeswrong.github.io/tree/main/packages/cli */
function lint(tarball: string): void {
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'package.json'), '{"private":true}');
  run('npm', ['install', '--no-audit', '--no-fund', ...LINTERS], tools);
  const linters = {
    publint: ['run', tarball, '--strict'],
    // `countersign/bot` is an ES module only.
    attw: [
      tarball,
      '--exclude-entrypoints',
      'manifest.yml',
      '--profile',
      'node16',
      '--ignore-rules',
      'cjs-resolves-to-esm',
    ],
  };
  for (const [name, args] of Object.entries(linters)) {
    const problem = problemOf(() => run(`node_modules/.bin/${name}`, args, tools));
    if (problem) failures.push(`${name}: ${problem}`);
    say([name, problem ? 'FAILED' : 'ok']);
  }
}

function installedVersion(app: string, peer: string): string {
  const [name = ''] = peer.split('@');
  const { version } = JSON.parse(readFileSync(join(app, 'node_modules', name, 'package.json'), 'utf8'));
  return `${name} ${version}`;
}

function problemOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout?: string; stderr?: string };
    return [message, stdout, stderr].filter(Boolean).join('\n');
  }
}

function say(cells: readonly string[]): void {
  process.stdout.write(
    `${cells
      .map((cell) => cell.padEnd(28))
      .join('')
      .trimEnd()}\n`,
  );
}

function run(command: string, args: readonly string[], cwd: string, env: object = {}): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, ...env },
  });
}

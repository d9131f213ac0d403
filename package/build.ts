// `npm run build`: builds the package `countersign` in the folder `dist/`, or in the folder that is given: the constructs
// as one CommonJS file, their declarations, the bundles of the functions, the command `countersign`, and the licenses of
// what the bundles contain. Beside it, in `dist-local/`, it builds `countersign-local`.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { progress } from '../local/progress.ts';
import { bundle } from '../stack/bundle.ts';
import { buildLocal } from './build-local.ts';
import { declareTypes } from './declare-types.ts';
import { importMetaUrl } from './import-meta-url.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = resolve(process.argv[2] ?? join(root, 'dist'));

const entries = [
  'bot/bot.lambda.ts',
  'functions/reconcile.lambda.ts',
  'functions/relay-result.lambda.ts',
  'functions/report-failure.lambda.ts',
  'functions/request-approval.lambda.ts',
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
progress('Bundling the constructs …');
await buildConstructs();
progress('Writing the declarations …');
declareTypes(root, out);
const bundledPackages = new Set<string>();
progress('Bundling the functions and the command …');
for (const entry of entries) buildFunction(entry);
await buildCommand();
const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeLicenses(out, bundledPackages);
writeManifest();
progress('Bundling countersign-local …');
await writeLocal(`${out}-local`);
for (const [file, name] of [
  ['LICENSE', 'LICENSE'],
  ['package/README.md', 'README.md'],
  ['examples/deploy-approval/manifest.yml', 'manifest.yml'],
] as const)
  copyFileSync(join(root, file), join(out, name));

async function buildConstructs(): Promise<void> {
  const prebuilt: Plugin = {
    name: 'prebuilt',
    setup(esbuild) {
      esbuild.onResolve({ filter: /\/bundle\.ts$/ }, () => ({
        path: join(root, 'package/prebuilt-bundle.ts'),
      }));
    },
  };
  await build({
    entryPoints: [join(root, 'stack/index.ts')],
    outfile: join(out, 'index.js'),
    bundle: true,
    platform: 'node',
    // CommonJS, because the tests of an app that `cdk init` creates cannot load ES modules.
    format: 'cjs',
    target: 'node20',
    external: ['aws-cdk-lib', 'constructs'],
    ...importMetaUrl,
    plugins: [prebuilt],
    logLevel: 'error',
  });
}

function buildFunction(entry: string): void {
  const name = /([\w-]+)\.lambda\.ts$/.exec(entry)?.[1] ?? '';
  const folder = join(out, 'functions', name);
  addPackages(bundle(join(root, entry), join(folder, 'index.mjs')));
}

/** CommonJS, as the constructs: the package has one type. */
async function buildCommand(): Promise<void> {
  const { metafile } = await build({
    entryPoints: [join(root, 'cli/countersign.ts')],
    outfile: join(out, 'cli/countersign.js'),
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // esbuild removes the unused operations of the SDK's clients from their ES modules only.
    mainFields: ['module', 'main'],
    ...importMetaUrl,
    logLevel: 'error',
  });
  addPackages(Object.keys(metafile.inputs));
}

function addPackages(inputs: readonly string[]): void {
  for (const found of packagesOf(inputs)) bundledPackages.add(found);
}

function packagesOf(inputs: readonly string[]): ReadonlySet<string> {
  return new Set(inputs.flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
}

function writeLicenses(folder: string, packages: ReadonlySet<string>): void {
  const texts = [...packages].toSorted().map((name) => {
    const at = join(root, 'node_modules', name);
    const { license } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
    const file = readdirSync(at).find((each) => /^licen[cs]e/i.test(each));
    const text = file ? readFileSync(join(at, file), 'utf8').trim() : `License: ${license}`;
    return `${name} (${license})\n\n${text}\n`;
  });
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

function writeManifest(): void {
  const { name, version, description, license, dependencies } = project;
  const types = './index.d.ts';
  const bolt = `^${dependencies['@slack/bolt']}`;
  const manifest = {
    name,
    version,
    description,
    license,
    type: 'commonjs',
    main: './index.js',
    types,
    bin: { countersign: './cli/countersign.js' },
    exports: {
      '.': { types, default: './index.js' },
      // The bot's bundle is also the module from which an app makes its own bot.
      './bot': { types: './bot.d.mts', default: './functions/bot/index.mjs' },
      './manifest.yml': './manifest.yml',
    },
    engines: { node: '>=20' },
    // Only the types of `countersign/bot` need Bolt: the bundle contains it.
    peerDependencies: { '@slack/bolt': bolt, 'aws-cdk-lib': '^2.225.0', constructs: '^10.4.2' },
    peerDependenciesMeta: { '@slack/bolt': { optional: true } },
  };
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The package that `countersign local` loads. */
async function writeLocal(folder: string): Promise<void> {
  writeLicenses(folder, packagesOf(await buildLocal(root, folder)));
  const { name, version, license } = project;
  const manifest = {
    name: `${name}-local`,
    version,
    description: 'A local AWS and a local Slack for apps with countersign',
    license,
    type: 'commonjs',
    main: './bin/index.js',
    engines: { node: '>=24' },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const [file, to] of [
    ['LICENSE', 'LICENSE'],
    ['package/local-README.md', 'README.md'],
    ['examples/deploy-approval/manifest.yml', 'manifest.yml'],
  ] as const)
    copyFileSync(join(root, file), join(folder, to));
}

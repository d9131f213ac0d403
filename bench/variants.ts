// What is measured, each built from its sources: what would be deployed, as CDK synthesises it, and what it is held
// against. The bench and the check build them.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type BuildOptions } from 'esbuild';
import { synthesise } from '../local/synthesise.ts';

export interface Variant {
  readonly name: string;
  readonly bundle: string;
  /** KB of the file after gzip; none of what is not bundled. */
  readonly gzip: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** MB that it is given. */
  readonly memory: number;
}

/** Inside the project, so that what is not bundled finds its packages. */
const BUILT = fileURLToPath(new URL('../.bench', import.meta.url));

const plain: BuildOptions = { platform: 'node', format: 'esm', target: 'node24', logLevel: 'error' };
const banner = { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" };

const naive: BuildOptions = { bundle: true, minify: true, mainFields: ['module', 'main'], banner };

export const official = 'official example';
export const countersign = 'Countersign';

/** All of them; the one that the others are held against comes first. */
export async function buildVariants(): Promise<readonly Variant[]> {
  const hand: BuildOptions = { bundle: true, minify: true };
  return [
    { ...(await buildOwn(official, 'official', {})), gzip: undefined },
    await buildOwn('the same, bundled by esbuild', 'official', naive, 'naive'),
    await deployed(),
    await buildOwn('by hand, no Bolt, no SDK', 'by-hand', hand),
    await buildOwn('an empty module', 'empty', hand),
  ];
}

/** A function's entry, from the project's root, as esbuild bundles it where nothing is left out. */
export async function bundledNaively(entry: string): Promise<Variant> {
  return buildOwn(entry, `../../${entry}`, naive, `naive-${entry.replaceAll(/\W/g, '-')}`);
}

async function buildOwn(
  name: string,
  entry: string,
  options: BuildOptions,
  folder = entry,
): Promise<Variant> {
  const bundle = join(BUILT, folder, 'index.mjs');
  const source = join(import.meta.dirname, 'variants', entry.endsWith('.ts') ? entry : `${entry}.ts`);
  await build({ ...plain, ...options, entryPoints: [source], outfile: bundle });
  return { name, bundle, gzip: gzipKilobytes(bundle), environment: {}, memory: 512 };
}

interface FunctionResource {
  readonly Type: string;
  readonly Properties: {
    readonly Code: { readonly S3Key: string };
    readonly MemorySize: number;
    readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  };
}

/** The bot as `cdk deploy` would upload it, with the environment that the stack gives it. */
export async function deployed(): Promise<Variant> {
  const [bot] = (await deployedFunctions()).filter(({ name }) => name.startsWith('SlackApprovalsBot'));
  if (!bot) throw new Error('The stack has no bot.');
  return { ...bot, name: countersign };
}

/** Every function of the stack, by its logical id. */
export async function deployedFunctions(): Promise<readonly Variant[]> {
  const assembly = join(BUILT, 'assembly');
  await synthesise(assembly);
  const [template = ''] = readdirSync(assembly).filter((file) => file.endsWith('.template.json'));
  const { Resources } = JSON.parse(readFileSync(join(assembly, template), 'utf8'));
  return Object.entries<FunctionResource>(Resources).flatMap(([name, { Type, Properties }]) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const folder = `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`;
    const bundle = join(assembly, folder, 'index.mjs');
    const environment = literal(Properties.Environment?.Variables ?? {});
    return [{ name, bundle, gzip: gzipKilobytes(bundle), environment, memory: Properties.MemorySize }];
  });
}

/** What CloudFormation would fill in is filled in with a name of its own kind. */
function literal(variables: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const filled = Object.entries(variables).map(([name, value]) => {
    const arn = `arn:aws:states:us-east-1:000000000000:stateMachine:bench`;
    return [name, typeof value === 'string' ? value : name.includes('ARN') ? arn : 'bench'];
  });
  return Object.fromEntries(filled);
}

function gzipKilobytes(file: string): number {
  return gzipSync(readFileSync(file), { level: 9 }).length / 1024;
}

/** The measured process as plain JavaScript: to strip types off it would be measured too. */
export async function buildProcess(): Promise<string> {
  mkdirSync(BUILT, { recursive: true });
  const outfile = join(BUILT, 'lambda-process.mjs');
  const source = fileURLToPath(new URL('lambda-process.ts', import.meta.url));
  await build({ ...plain, bundle: true, entryPoints: [source], outfile });
  return outfile;
}

/** Writes a file beside what was built. */
export function writeBuilt(name: string, content: string): string {
  const file = join(BUILT, name);
  writeFileSync(file, content);
  return file;
}

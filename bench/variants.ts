// Builds the variants to measure: the functions as CDK synthesizes them, and the variants they are compared with. All
// benchmarks call it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type BuildOptions } from 'esbuild';
import { progress } from '../local/progress.ts';
import { synthesise } from '../local/synthesise.ts';
import { bundle as bundleAsDeployed } from '../stack/bundle.ts';

export interface Variant {
  readonly name: string;
  readonly bundle: string;
  /** KB of the bundle after gzip. Undefined if the variant is not bundled. */
  readonly gzip: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Memory size of the function in MB. */
  readonly memory: number;
}

/** Inside the project, so that unbundled variants find `node_modules`. */
const BUILD_FOLDER = fileURLToPath(new URL('../.bench', import.meta.url));

const ASSEMBLY = join(BUILD_FOLDER, 'assembly');

const baseOptions: BuildOptions = { platform: 'node', format: 'esm', target: 'node24', logLevel: 'error' };
const banner = { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" };

const withoutShims: BuildOptions = { bundle: true, minify: true, mainFields: ['module', 'main'], banner };

export const official = 'official example';
export const countersign = 'Countersign';
export const floor = 'by hand, the same calls';

/** Builds all variants. The first one is the baseline for the ratios. */
export async function buildVariants(): Promise<readonly Variant[]> {
  progress('Building the variants …');
  const bundled: BuildOptions = { bundle: true, minify: true };
  return [
    { ...(await buildVariant(official, 'official', {})), gzip: undefined },
    await buildVariant('the same, bundled by esbuild', 'official', withoutShims, 'official-bundled'),
    await deployedBot(),
    deployedVariant('by hand, with the AWS SDK', 'with-sdk'),
    await buildVariant(floor, 'floor', bundled),
    await buildVariant('an empty module', 'empty', bundled),
  ];
}

/** Bundles a variant as the stack bundles its functions. */
function deployedVariant(name: string, entry: string): Variant {
  const bundle = join(BUILD_FOLDER, entry, 'index.mjs');
  bundleAsDeployed(join(import.meta.dirname, 'variants', `${entry}.ts`), bundle);
  return { name, bundle, gzip: gzipKilobytes(bundle), environment: {}, memory: 512 };
}

/**
 * Bundles a function without leaving out any package.
 * @param entry path from the project's root
 */
export async function bundleWithoutShims(entry: string): Promise<Variant> {
  return buildVariant(entry, `../../${entry}`, withoutShims, `without-shims-${entry.replaceAll(/\W/g, '-')}`);
}

async function buildVariant(
  name: string,
  entry: string,
  options: BuildOptions,
  folder = entry,
): Promise<Variant> {
  const bundle = join(BUILD_FOLDER, folder, 'index.mjs');
  const source = join(import.meta.dirname, 'variants', entry.endsWith('.ts') ? entry : `${entry}.ts`);
  await build({ ...baseOptions, ...options, entryPoints: [source], outfile: bundle });
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

/** The bot as `cdk deploy` would upload it, with its environment from the stack. */
export async function deployedBot(): Promise<Variant> {
  const [bot] = (await deployedFunctions()).filter(({ name }) => name.startsWith('SlackApprovalsBot'));
  if (!bot) throw new Error('The stack has no bot.');
  return { ...bot, name: countersign };
}

/** The resources of the synthesised stack. */
export async function deployedResources(): Promise<readonly (FunctionResource & { readonly id: string })[]> {
  progress('Synthesising the stack …');
  await synthesise(ASSEMBLY);
  const [template = ''] = readdirSync(ASSEMBLY).filter((file) => file.endsWith('.template.json'));
  const { Resources } = JSON.parse(readFileSync(join(ASSEMBLY, template), 'utf8'));
  return Object.entries<FunctionResource>(Resources).map(([id, resource]) => ({ id, ...resource }));
}

/** All functions of the stack. `name` is the logical id. */
export async function deployedFunctions(): Promise<readonly Variant[]> {
  return (await deployedResources()).flatMap(({ id: name, Type, Properties }) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const folder = `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`;
    const bundle = join(ASSEMBLY, folder, 'index.mjs');
    const environment = resolveReferences(Properties.Environment?.Variables ?? {});
    return [{ name, bundle, gzip: gzipKilobytes(bundle), environment, memory: Properties.MemorySize }];
  });
}

/** Replaces references, which CloudFormation would resolve, by placeholder values. */
function resolveReferences(variables: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const resolved = Object.entries(variables).map(([name, value]) => {
    const arn = `arn:aws:states:us-east-1:000000000000:stateMachine:bench`;
    return [name, typeof value === 'string' ? value : name.includes('ARN') ? arn : 'bench'];
  });
  return Object.fromEntries(resolved);
}

function gzipKilobytes(file: string): number {
  return gzipSync(readFileSync(file), { level: 9 }).length / 1024;
}

/** Bundles `lambda-process.ts` to JavaScript, so that stripping its types is not measured. */
export async function buildProcess(): Promise<string> {
  mkdirSync(BUILD_FOLDER, { recursive: true });
  const outfile = join(BUILD_FOLDER, 'lambda-process.mjs');
  const source = fileURLToPath(new URL('lambda-process.ts', import.meta.url));
  await build({ ...baseOptions, bundle: true, entryPoints: [source], outfile });
  return outfile;
}

/** Writes a file into the build folder and returns its path. */
export function writeBuilt(name: string, content: string): string {
  const file = join(BUILD_FOLDER, name);
  writeFileSync(file, content);
  return file;
}

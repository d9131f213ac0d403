// Copies a CDK assembly with source lines replaced. The tests use it to prove that fault injection finds violations
// if a safeguard is removed, and to update the stack to a version with other texts.
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

type Resources = Readonly<Record<string, Resource>>;

/** Replaces `line`, which must occur exactly once in `file`, by `instead`. */
export interface Mutation {
  readonly file: string;
  readonly line: string;
  readonly instead: string;
}

/** Prefix of a function's logical id → entry file. */
const entries: Readonly<Record<string, string>> = {
  SlackApprovalsBot: 'bot/trading/trading-bot.lambda.ts',
  SlackApprovalsRequestApproval: 'functions/request-approval.lambda.ts',
  SlackApprovalsRelayResult: 'functions/relay-result.lambda.ts',
  SlackApprovalsReconciler: 'functions/reconcile.lambda.ts',
  TradingWorkflowGenerateRecommendation: 'functions/trading/generate-recommendation.lambda.ts',
  TradingWorkflowBuyStock: 'functions/trading/buy-stock.lambda.ts',
  TradingWorkflowSellStock: 'functions/trading/sell-stock.lambda.ts',
};

/** Returns the folder of the changed assembly. */
export async function mutateSource(assembly: string, ...mutations: readonly Mutation[]): Promise<string> {
  const { file, resources } = templateOf(assembly);
  const changed: Record<string, Resource> = { ...resources };
  const folder = mkdtempSync(join(tmpdir(), 'countersign-mutated-'));
  const assets: Record<string, object> = {};
  for (const [prefix, entry] of Object.entries(entries)) {
    const [id, found] =
      Object.entries(resources).find(
        ([name, { Type }]) => name.startsWith(prefix) && Type === 'AWS::Lambda::Function',
      ) ?? [];
    if (!id || !found) throw new Error(`The stack has no function ${prefix}`);
    const asset = `asset.${prefix}`;
    await bundle(entry, join(folder, asset, 'index.mjs'), mutations);
    const Code = { S3Bucket: 'none', S3Key: `${prefix}.zip` };
    assets[prefix] = {
      source: { path: asset, packaging: 'zip' },
      destinations: { here: { bucketName: 'none', objectKey: `${prefix}.zip` } },
    };
    changed[id] = { ...found, Properties: { ...found.Properties, Code } };
  }
  return copyAssembly(assembly, folder, file, changed, assets);
}

function templateOf(assembly: string): { readonly file: string; readonly resources: Resources } {
  const file = readdirSync(assembly).find((name) => name.endsWith('.template.json')) ?? '';
  return { file, resources: JSON.parse(readFileSync(join(assembly, file), 'utf8')).Resources };
}

/** @param assets entries to add to the manifest of the assets */
function copyAssembly(
  assembly: string,
  folder: string,
  template: string,
  Resources: Resources,
  assets: Readonly<Record<string, object>>,
): string {
  const manifest = template.replace('.template.json', '.assets.json');
  for (const name of readdirSync(assembly))
    if (name !== template && name !== manifest) symlinkSync(join(assembly, name), join(folder, name));
  const read = (name: string) => JSON.parse(readFileSync(join(assembly, name), 'utf8'));
  writeFileSync(join(folder, template), JSON.stringify({ ...read(template), Resources }));
  const original = read(manifest);
  const files = { ...original.files, ...assets };
  writeFileSync(join(folder, manifest), JSON.stringify({ ...original, files }));
  return folder;
}

function replaceLine(source: string, { file, line, instead }: Mutation): string {
  if (source.split(line).length !== 2) throw new Error(`${file} does not contain “${line}” exactly once`);
  return source.replace(line, instead);
}

async function bundle(entry: string, outfile: string, mutations: readonly Mutation[]): Promise<void> {
  const edited: Plugin = {
    name: 'edited',
    setup(building) {
      building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const own = mutations.filter(({ file }) => path === resolve(file));
        if (own.length === 0) return undefined;
        const contents = own.reduce(replaceLine, readFileSync(path, 'utf8'));
        return { contents, loader: 'ts' };
      });
    },
  };
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    plugins: [edited],
    logLevel: 'error',
  });
}

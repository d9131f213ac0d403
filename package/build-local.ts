// Builds the package `countersign-local`: the local cloud and the local Slack, for `countersign local`. `build.ts` calls it.
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { importMetaUrl } from './import-meta-url.ts';

/** Entry → file in the package. The worker is a file of its own, because each function has a thread. */
const entries = {
  'local/run-app.ts': 'bin/index.js',
  'local/cloud/services/lambda/lambda-worker.ts': 'bin/lambda-worker.js',
} as const;

/** Files that the local Slack's page loads from other packages. */
const pageFiles = ['twemoji-colr-font/twemoji.woff2', 'htm/preact/standalone.module.js'] as const;

/** Paths in the sources → paths in the package. */
const paths: readonly (readonly [file: RegExp, from: string, to: string])[] = [
  [/lambda[/\\]functions\.ts$/, "'lambda-worker.ts'", "'lambda-worker.js'"],
  [/server[/\\]page-server\.ts$/, "'../../../node_modules'", "'../packages'"],
  // esbuild finds the files of a computed path only if the path has their extension.
  [/dynalite[/\\]index\.js$/, "/' + action)", "/' + action + '.js')"],
];

/** Returns the bundled files and packages, whose licenses belong into the package. */
export async function buildLocal(root: string, out: string): Promise<readonly string[]> {
  rmSync(out, { recursive: true, force: true });
  const bundled: string[] = [];
  for (const [entry, file] of Object.entries(entries)) {
    const { metafile } = await build({
      entryPoints: [join(root, entry)],
      outfile: join(out, file),
      bundle: true,
      minify: true,
      metafile: true,
      platform: 'node',
      format: 'cjs',
      target: 'node24',
      // The database on disk needs a native module. `countersign local` keeps its tables in memory.
      alias: { level: join(root, 'stack/bundle-shims/nothing.ts') },
      ...importMetaUrl,
      plugins: [rewritePaths],
      logLevel: 'error',
    });
    bundled.push(...Object.keys(metafile.inputs));
  }
  cpSync(join(root, 'local/slack/page'), join(out, 'page'), { recursive: true });
  for (const file of pageFiles) {
    mkdirSync(dirname(join(out, 'packages', file)), { recursive: true });
    copyFileSync(join(root, 'node_modules', file), join(out, 'packages', file));
    bundled.push(join('node_modules', file));
  }
  return bundled;
}

const rewritePaths: Plugin = {
  name: 'paths',
  setup(esbuild) {
    for (const [filter, from, to] of paths)
      esbuild.onLoad({ filter }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        if (!source.includes(from)) throw new Error(`${path} has no ${from}`);
        return { contents: source.replaceAll(from, to), loader: 'ts' };
      });
  },
};

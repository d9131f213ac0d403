// Bundles a function with esbuild. `BundledFunction` calls it. Loading code that is imported but never used takes half
// of a cold start, so such imports are redirected to files in `bundle-shims/`: imports of packages here, imports of a
// single module of a package in `module-shims.ts`. `npm run bench` measures the effect.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildAndWait } from './build-and-wait.ts';

const shim = (name: string) => fileURLToPath(new URL(`bundle-shims/${name}.ts`, import.meta.url));
const nothing = shim('nothing');

/** Imported package → the file that is bundled instead. */
const shims: Readonly<Record<string, string>> = {
  '@slack/bolt': shim('bolt'),
  // It contains only types, and code that exports nothing.
  '@slack/types': nothing,
  // Lambda passes credentials in environment variables. The SDK's other credential providers import node:http, and an
  // ESM import of node:http loads undici: https://github.com/nodejs/node/issues/59686
  '@aws-sdk/credential-provider-node': shim('environment-credentials'),
  // The client of DynamoDB imports this package for endpoint discovery, which is off.
  '@aws-sdk/endpoint-cache': shim('no-endpoint-cache'),
  // The functions call no operation that returns an event stream. esbuild cannot remove the unused code, because some
  // clients import this package dynamically.
  '@smithy/core/event-streams': shim('no-event-streams'),
  // p-queue brings a second version, whose file is the same: https://github.com/primus/eventemitter3/compare/4.0.7...5.0.4
  eventemitter3: createRequire(import.meta.url).resolve('eventemitter3'),
};

/** @param entry absolute path of the function's entry file */
export function bundled(entry: string): Code {
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // CDK requires an image, but never uses it because `tryBundle` returns true. `command` makes the asset key unique
      // per entry.
      image: DockerImage.fromRegistry('none'),
      command: [entry],
      local: { tryBundle: (folder) => bundle(entry, join(folder, 'index.mjs')).length > 0 },
    },
  });
}

/**
 * Calls esbuild as a library, because CDK's NodejsFunction starts npx for each function, and one start of npx takes
 * longer than building all bundles. The bench bundles its variants with it, too. Returns the paths of the bundled files.
 */
export function bundle(entry: string, outfile: string): readonly string[] {
  return buildAndWait({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    // ESM without code splitting gives one file. Node would read and link a second file before running the first.
    format: 'esm',
    target: 'node24',
    minify: true,
    // `keepNames` is off, so `minify` renames classes. So an error class that is logged by name sets `name` or `code`.
    mainFields: ['module', 'main'],
    // Bolt and some other packages are CommonJS and need `require`, which an ESM file lacks.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    // There is no `external`, so the AWS SDK is bundled too. The bundled version is the one that was tested, and it
    // loads faster than the version in Lambda's runtime.
    alias: { ...shims },
    // The SDK checks whether a body is a ReadableStream, but the functions never send one. `define` replaces the global
    // `ReadableStream`, because reading the global makes Node load its web streams.
    define: { ReadableStream: 'undefined' },
    metafile: true,
    logLevel: 'error',
  });
}

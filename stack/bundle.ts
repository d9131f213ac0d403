// Bundles a function with esbuild and leaves out packages that it imports but never uses, because loading them takes
// half of a cold start. `BundledFunction` calls it. Bolt and the SDK are not patched: an import is redirected to a file
// in `bundle-shims/`. `npm run bench` measures the effect.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const shim = (name: string) => fileURLToPath(new URL(`bundle-shims/${name}.ts`, import.meta.url));
const nothing = shim('nothing');

/** Imported package → the file that is bundled instead. */
const shims: Readonly<Record<string, string>> = {
  '@slack/bolt': shim('bolt'),
  // Used by Bolt's other receivers only: an HTTP server, WebSockets (which load undici), installation by OAuth.
  express: nothing,
  'path-to-regexp': nothing,
  'raw-body': nothing,
  '@slack/oauth': nothing,
  '@slack/socket-mode': nothing,
  // Lambda passes credentials in environment variables. The SDK's other providers (files, SSO, containers, instance
  // metadata) import node:http, and an ESM import of node:http loads undici
  // (https://github.com/nodejs/node/issues/59686).
  '@aws-sdk/credential-provider-node': shim('environment-credentials'),
  // For endpoint discovery, which DynamoDB's client includes but does not use.
  '@aws-sdk/endpoint-cache': shim('no-endpoint-cache'),
  // For operations that return an event stream; the functions call none. The SDK imports it dynamically, so
  // esbuild cannot remove the unused code.
  '@smithy/core/event-streams': nothing,
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
      local: { tryBundle: (folder) => bundle(entry, join(folder, 'index.mjs')) },
    },
  });
}

// Calls esbuild as a library: CDK's NodejsFunction starts npx for each function, and npx takes longer than all bundles.
function bundle(entry: string, outfile: string): boolean {
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    // ESM without code splitting gives one file. Node would read and link a second file before running the first.
    format: 'esm',
    target: 'node24',
    minify: true,
    // `keepNames` is off, so classes are renamed: an error class that is logged by name sets `name` or `code` itself.
    mainFields: ['module', 'main'],
    // Bolt and some other packages are CommonJS and need `require`, which an ESM file lacks.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    // The SDK is bundled too: it is the version that was tested, and it loads faster than the runtime's.
    alias: { ...shims },
    // The SDK checks whether a body is a ReadableStream; the functions never send one. `define` replaces the global,
    // because reading it would make Node load its web streams.
    define: { ReadableStream: 'undefined' },
    logLevel: 'error',
  });
  return true;
}

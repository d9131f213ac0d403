// How every function is bundled, and what of its packages is left out, a reason each: what a cold press loads and never
// uses is half of what the person waits for. Bolt and the SDK stay as they are; a name that is imported leads elsewhere.
// `npm run bench` says what it comes to.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const nothing = fileURLToPath(new URL('bundle-shims/nothing.ts', import.meta.url));
const own = (name: string) => fileURLToPath(new URL(`bundle-shims/${name}.ts`, import.meta.url));

/** By the name of the package that is imported: the file that is bundled in its place. */
const instead: Readonly<Record<string, string>> = {
  '@slack/bolt': own('bolt'),
  // Bolt's other receivers: an HTTP server of one's own, WebSockets (with all of undici), installing by OAuth.
  express: nothing,
  'path-to-regexp': nothing,
  'raw-body': nothing,
  '@slack/oauth': nothing,
  '@slack/socket-mode': nothing,
  // Lambda gives credentials in the environment; the others are files, SSO, containers, and the metadata of machines,
  // whose client imports node:http: from ESM that loads all of undici (https://github.com/nodejs/node/issues/59686).
  '@aws-sdk/credential-provider-node': own('environment-credentials'),
  // DynamoDB's clients may discover endpoints, which only Timestream's need.
  '@aws-sdk/endpoint-cache': own('no-endpoint-cache'),
  // No call of ours has a stream of events. The SDK imports it when it needs it, and what is imported so keeps esbuild
  // from leaving out all that nothing uses behind it.
  '@smithy/core/event-streams': nothing,
};

/** The code of a function, bundled from its entry. */
export function bundled(entry: string): Code {
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for where esbuild is not at hand; here it always is. The command tells one entry's bundle from another's.
      image: DockerImage.fromRegistry('none'),
      command: [entry],
      local: { tryBundle: (folder) => bundle(entry, join(folder, 'index.mjs')) },
    },
  });
}

// Called as a library: CDK's own NodejsFunction starts npx for each function, which takes longer than all the bundles.
function bundle(entry: string, outfile: string): boolean {
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    // One file: a second would be read and linked before the first runs.
    format: 'esm',
    target: 'node24',
    minify: true,
    // Names of classes and functions are not kept: errors that log by theirs have a `code`, or say their name themselves.
    mainFields: ['module', 'main'],
    // Bolt and others are CommonJS: in an ESM file they need a `require`.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    // The SDK is bundled too: what was tested is what runs, and it loads faster than the runtime's own.
    alias: { ...instead },
    // The SDK asks of each body whether it is one, and none of ours is; who only names it loads all of Node's web streams.
    define: { ReadableStream: 'undefined' },
    logLevel: 'error',
  });
  return true;
}

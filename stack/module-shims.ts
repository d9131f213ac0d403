// An esbuild plugin that replaces single modules of a package. `alias` in `bundle.ts` replaces whole packages only: it
// does not see the relative paths by which a package imports its own modules. `build-thread.ts` uses it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

interface ModuleShim {
  readonly importer: RegExp;
  readonly imported: RegExp;
  /** Name of the file in `bundle-shims/` that is bundled instead. */
  readonly shim: string;
}

const shims: readonly ModuleShim[] = [
  {
    importer: /@slack\/bolt\/dist\/App\.js$/,
    imported: /^\.\/receivers\/(HTTP|SocketMode)Receiver$/,
    shim: 'no-receiver',
  },
  {
    importer: /@smithy\/core\/dist-es\/submodules\/checksum\//,
    imported: /^\.\/(sha256\/)?Sha256Js$/,
    shim: 'no-sha256-js',
  },
];

export const moduleShims: Plugin = {
  name: 'module-shims',
  setup(esbuild) {
    for (const { importer, imported, shim } of shims) {
      const path = fileURLToPath(new URL(`bundle-shims/${shim}.ts`, import.meta.url));
      esbuild.onResolve({ filter: imported }, (found) =>
        importer.test(found.importer) ? { path } : undefined,
      );
    }
    // The packages read their name and version, for the header User-Agent. esbuild would bundle the whole file.
    esbuild.onLoad({ filter: /\/node_modules\/.*\/package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

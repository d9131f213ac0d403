// esbuild's options that give a CommonJS file the addresses that ES modules have. `build.ts` and `build-local.ts` use them.

export const importMetaUrl = {
  banner: { js: "const packageUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'packageUrl', 'import.meta.dirname': '__dirname' },
};

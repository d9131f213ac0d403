// The tests with which `npm run mutants:elsewhere` looks for survivors: those that run the sources in process, without
// synthesis and without bundles. Stryker reads it.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A cached file would not have the mutants.
    fsModuleCache: false,
    include: ['test/{aws,functions}/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts'],
    env: { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  },
});

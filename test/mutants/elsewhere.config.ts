// The tests with which `npm run mutants:elsewhere` looks for survivors: those of `aws/` and `functions/`. Tests that run
// bundles notice no mutant, because Stryker changes the sources.
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

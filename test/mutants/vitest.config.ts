// The tests with which `npm run mutants` looks for survivors: the pure rules, without synthesis and without a browser.
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['test/domain/**/*.test.ts'] } });

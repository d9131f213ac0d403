import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each local world starts processes of its own: more workers slow each other down.
    maxWorkers: 2,
    // Whole names, so that a failure names the case.
    taskTitleValueFormatTruncate: 0,
    globalSetup: [
      'test/support/temporary-folder.ts',
      'test/support/assembly.ts',
      'test/support/unpack-browser.ts',
    ],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A busy machine is late, not wrong.
    expect: { poll: { timeout: 15_000 } },
    // The AWS SDK needs a region and credentials, of any value.
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each local world starts processes of its own: more workers slow each other down.
    maxWorkers: 2,
    globalSetup: ['test/support/assembly.ts', 'test/support/unpack-browser.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine is late, not wrong.
    expect: { poll: { timeout: 15_000 } },
    // What the stack sets for its functions: their entries read it when they are imported.
    env: {
      APPROVALS_TABLE: 'Approvals',
      LEDGER_TABLE: 'Ledger',
      AUDIT_TABLE: 'Audit',
      BROADCAST: 'done,failed',
      CHANNEL: 'C0TRADING',
      LADDER: '{"escalateTo":[]}',
      TIERS: '[]',
      APPROVERS: 'U0BEN,U0CHLOE',
      CONFIRM_FROM_USD: '10000',
      APPROVAL_TIMEOUT_SECONDS: '900',
      DEFAULT_QUANTITY: '10',
      QUEUE_URL: 'http://127.0.0.1:1/queue',
      INVOKE_MODE: 'BUFFERED',
      SYMBOLS: 'AMZN,NVDA',
      SLACK_API_URL: 'http://127.0.0.1:1/api/',
      SLACK_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:slack',
      STATE_MACHINE_ARNS: 'arn:aws:states:us-east-1:000000000000:stateMachine:trading',
      STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:trading',
      RESULTS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:results',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  },
});

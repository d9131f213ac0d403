import { describe, expect, it } from 'vitest';
import type { Described } from '../../aws/executions.ts';
import { reportFailure } from '../../functions/report-failure.ts';

const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:trading:run-1';

async function published(status: string, ended: Partial<Described>): Promise<object | undefined> {
  const messages: object[] = [];
  const work = reportFailure({
    describe: async () => ({ status, input: { large: 'as you like' }, ...ended }),
    publish: async (message) => void messages.push(message),
    log: () => {},
  });
  await work({ detail: { executionArn, status } });
  return messages[0];
}

const lambdaCause = (errorMessage: string) =>
  JSON.stringify({ errorType: 'X', errorMessage, trace: ['at secret.ts'] });

describe('reportFailure', () => {
  it.each<[string, Partial<Described>, object]>([
    [
      'FAILED',
      { error: 'NotApproved', cause: lambdaCause('Request the trade again.') },
      { outcome: 'failed', text: 'Request the trade again.' },
    ],
    [
      'FAILED',
      { error: 'DecisionNotUnderstood', cause: 'In plain words.' },
      { outcome: 'failed', text: 'In plain words.' },
    ],
    [
      'FAILED',
      { error: 'Sandbox.Timedout', cause: lambdaCause('RequestId: 1') },
      { outcome: 'failed', text: 'The execution failed: Sandbox.Timedout. Its log has more.', unsure: true },
    ],
    [
      'FAILED',
      { error: 'AccessDeniedException', cause: lambdaCause('User: arn:aws:sts::1 is not') },
      {
        outcome: 'failed',
        text: 'The execution failed: AccessDeniedException. Its log has more.',
        unsure: true,
      },
    ],
    [
      'FAILED',
      { error: 'TypeError', cause: lambdaCause('undefined is not') },
      { outcome: 'failed', text: 'The execution failed: TypeError. Its log has more.', unsure: true },
    ],
    [
      'FAILED',
      {},
      {
        outcome: 'failed',
        text: 'The execution failed: no reason is known. Its log has more.',
        unsure: true,
      },
    ],
    ['TIMED_OUT', {}, { outcome: 'failed', text: 'The execution timed out.', unsure: true }],
    [
      'ABORTED',
      { cause: 'the desk is closed' },
      {
        outcome: 'cancelled',
        text: 'The execution was stopped: the desk is closed. Nothing more is done.',
        unsure: true,
      },
    ],
  ])('for %s with %o publishes %o and nothing of the input', async (status, ended, result) => {
    expect(await published(status, ended)).toEqual({ Input: { result }, ExecutionId: executionArn });
  });

  it('publishes nothing for an execution that was redriven and has succeeded', async () => {
    const messages: object[] = [];
    const work = reportFailure({
      describe: async () => ({ status: 'SUCCEEDED', input: {} }),
      publish: async (message) => void messages.push(message),
      log: () => {},
    });
    await work({ detail: { executionArn, status: 'FAILED' } });
    expect(messages).toEqual([]);
  });
});

// Tests a press of the resubmit button more than 90 days after the end of the execution, and two presses at once.
import { describe, expect, it } from 'vitest';
import { resubmitButton } from '../../../bot/listeners/resubmit-button.ts';
import { startExecution } from '../../../bot/start-execution.ts';
import { approvalValue } from '../../../slack/views/approval-value.ts';
import { approval } from '../../support/approvals.ts';

describe('the resubmit button', () => {
  it('starts nothing without the input of the execution, which Step Functions forgets after 90 days', async () => {
    const declined = approval({ status: 'declined' });
    const started: object[] = [];
    const listener = resubmitButton({
      approvals: { get: async () => declined, ofExecution: async () => [declined] },
      executions: {
        // As aws/executions.ts describes an execution that does not exist.
        describe: async () => ({ status: 'MISSING', input: {} }),
        start: async (_arn: string, _name: string, input: object) => {
          started.push(input);
          throw new Error('enough');
        },
      },
      starts: { record: async () => 'U0BEN', count: async () => true },
      checkPerson: async () => undefined,
      command: { name: '/trade', execution: 'AMZN-3f9c', starts: true },
      now: () => new Date(),
      log: () => {},
    } as never);
    const client = { chat: { getPermalink: async () => ({ permalink: 'https://example.com' }) } };
    const press = {
      action: { value: approvalValue(declined) },
      body: { user: { id: 'U0BEN' } },
      ack: async () => {},
      client,
    };
    await listener(press as never).catch(() => {});
    expect(started).toEqual([]);
  });

  it('the execution of two presses at once names the requester whom the record names', async () => {
    const started: object[] = [];
    const { requester } = (await startExecution(
      {
        stateMachineArn: 'arn:aws:states:us-east-1:0:stateMachine:t',
        name: 'AMZN-1',
        input: { symbol: 'AMZN' },
        by: 'U0BEN',
      },
      {} as never,
      {
        executions: {
          describe: async () => ({ status: 'RUNNING', input: {} }),
          start: async (_arn, _name, input) => {
            started.push(input);
            return 'started';
          },
        },
        // Ana pressed a moment before, and her bot has not started it yet.
        starts: { record: async () => 'U0ANA', count: async () => true },
        checkPerson: async () => undefined,
        maxRequestsPerHour: 30,
        now: () => new Date(),
        log: () => {},
      },
    )) as { requester: string };
    expect(started).toEqual([{ symbol: 'AMZN', requestedBy: requester }]);
  });
});

// Tests which execution `/trade cancel` means if several executions have the same name.
import { describe, expect, it } from 'vitest';
import { cancelCommand } from '../../../bot/listeners/cancel-command.ts';
import { approval } from '../../support/approvals.ts';

describe('cancelCommand', () => {
  it('cancels the pending request if two state machines have an execution of that name', async () => {
    const waits = approval({ id: 'approval-waits', executionArn: 'arn:one' });
    const over = approval({ id: 'approval-over', executionArn: 'arn:two', status: 'declined' });
    const opened: object[] = [];
    // No more than the command asks of them.
    const dependencies = {
      command: { name: '/trade' },
      approvals: {
        ofExecution: async (arn: string) => [waits, over].filter((one) => one.executionArn === arn),
      },
      executions: { arnsOf: () => ['arn:one', 'arn:two'] },
      now: () => new Date('2026-11-02T10:05:00.000Z'),
    } as unknown as Parameters<typeof cancelCommand>[0];
    const request = {
      command: { user_id: 'U0BEN', trigger_id: '1', response_url: '', text: 'cancel AMZN-3f9c' },
      ack: async () => {},
      client: { views: { open: async ({ view }: { view: object }) => void opened.push(view) } },
    } as unknown as Parameters<ReturnType<typeof cancelCommand>>[0];
    await cancelCommand(dependencies)(request);
    expect(JSON.stringify(opened)).toContain('approval-waits');
  });
});

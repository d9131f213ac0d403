import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { executions, stateMachineOf } from '../../aws/executions.ts';

const machines = ['trading', 'deploy'].map(
  (name) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`,
);

describe('executions', () => {
  it('returns the possible ARNs of an execution name, one for each allowed state machine', () => {
    const found = executions(new SFNClient(), machines).arnsOf('run-1');
    expect(found).toEqual([
      'arn:aws:states:us-east-1:000000000000:execution:trading:run-1',
      'arn:aws:states:us-east-1:000000000000:execution:deploy:run-1',
    ]);
    expect(found.map(stateMachineOf)).toEqual(machines);
  });

  it('starts the given state machine', async () => {
    const sent: object[] = [];
    const send = async (command: object) => void sent.push(command);
    const client: SFNClient = Object.assign(new SFNClient(), { send });
    await executions(client, machines).start('the-second', 'run-2', { a: 1 });
    const [command] = sent;
    expect(command instanceof StartExecutionCommand && command.input).toEqual({
      stateMachineArn: 'the-second',
      name: 'run-2',
      input: '{"a":1}',
    });
  });
});

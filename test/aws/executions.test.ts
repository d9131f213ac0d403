import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { executions, isAllowed, stateMachineOf } from '../../aws/executions.ts';

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

  it('returns no ARN for a pattern, which may match any number of state machines', () => {
    const pattern = 'arn:aws:states:us-east-1:000000000000:stateMachine:approve-*';
    const found = executions(new SFNClient(), [pattern, ...machines]).arnsOf('run-1');
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

describe('a state machine', () => {
  const arn = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

  it.each([
    ['approve-*', 'approve-refund', true],
    ['approve-*', 'approve-', true],
    ['approve-*', 'approve', false],
    ['approve-*', 'not-approve-refund', false],
    ['*-approval', 'refund-approval', true],
    ['a.c', 'abc', false],
    ['deploy', 'deploy', true],
    ['deploy', 'deploy-2', false],
  ])('is allowed by %s: %s: %s', (pattern, name, expected) => {
    expect(isAllowed(arn(name), [arn('other'), arn(pattern)])).toBe(expected);
  });

  it('of another account or region is allowed by no pattern', () => {
    for (const other of [
      arn('approve-a').replace('us-east-1', 'eu-west-1'),
      arn('approve-a').replace('000', '111'),
    ])
      expect(isAllowed(other, [arn('approve-*')])).toBe(false);
    expect(isAllowed(arn('approve-a:other'), [arn('approve-*')])).toBe(false);
  });
});

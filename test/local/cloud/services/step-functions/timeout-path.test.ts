// Tests a task that reads its timeout from its input. Events and the cause of a missing value were recorded at AWS: the
// sources are in docs/local-emulators.md.
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ending, machine, ref, run, startWorld, workQueue } from '../../../../support/small-stack.ts';

const start = (more: object, others: object = {}) =>
  startWorld({
    functions: { Worker: 'export const handler = async () => {};' },
    resources: {
      ...workQueue('Requests', 'Worker'),
      ...machine(
        {
          Ask: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
            Parameters: { QueueUrl: '${Requests}', MessageBody: 'work' },
            TimeoutSecondsPath: '$.timeout',
            End: true,
            ...more,
          },
          ...others,
        },
        { substitutions: { Requests: ref('Requests') } },
      ),
    },
  });

const retryAndCatch = {
  Retry: [{ ErrorEquals: ['States.ALL'] }],
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
};

describe('TimeoutSecondsPath', () => {
  it.each([
    ['its input', {}],
    ['its InputPath', { InputPath: '$.inner', TimeoutSecondsPath: '$.seconds' }],
  ])('times a task out after the seconds in %s', async (_what, more) => {
    const world = await start(more);
    const executionArn = await run(world, { timeout: 90, inner: { timeout: 1, seconds: 90 } });
    await world.cloud.advance(89_000);
    expect((await ending(world, executionArn)).status).toBe('RUNNING');
    await world.cloud.advance(1_000);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ type }) => type).slice(2)).toEqual([
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskTimedOut',
      'ExecutionFailed',
    ]);
    expect(events[2]?.taskScheduledEventDetails?.timeoutInSeconds).toBe(90);
  });

  it('has all of the time for each retry', async () => {
    const Retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 10, MaxAttempts: 1 }];
    const world = await start({ Retry });
    const executionArn = await run(world, { timeout: 90 });
    await world.cloud.advance(90_000 + 10_000 + 89_000);
    expect((await ending(world, executionArn)).status).toBe('RUNNING');
    await world.cloud.advance(1_000);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it.each<[string, object, string]>([
    ['no value', {}, "Invalid path '$.timeout' : No results for path: $['timeout']"],
    ['zero', { timeout: 0 }, 'The TimeoutSecondsPath parameter references a value below 1: $.timeout == 0'],
    [
      'a negative number',
      { timeout: -1 },
      'The TimeoutSecondsPath parameter references a negative value: $.timeout == -1',
    ],
    [
      'a fraction',
      { timeout: 1.5 },
      'The TimeoutSecondsPath parameter cannot be parsed as a long value: $.timeout == 1.5',
    ],
    [
      'a text',
      { timeout: '1' },
      'The TimeoutSecondsPath parameter cannot be parsed as a long value: $.timeout == "1"',
    ],
    [
      'more than 99,999,999 s',
      { timeout: 100_000_000 },
      'The TimeoutSecondsPath parameter references a value above 99999999: $.timeout == 100000000',
    ],
  ])(
    'fails the execution before the task with %s, and no catcher catches that',
    async (_what, input, text) => {
      const world = await start(retryAndCatch, { Caught: { Type: 'Succeed' } });
      const executionArn = await run(world, input);
      const cause = `An error occurred while executing the state 'Ask' (entered at the event id #2). ${text}`;
      expect(await ending(world, executionArn)).toMatchObject({
        status: 'FAILED',
        error: 'States.Runtime',
        cause,
      });
      const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
      expect(events.map(({ type }) => type)).toEqual([
        'ExecutionStarted',
        'TaskStateEntered',
        'ExecutionFailed',
      ]);
      expect(world.events('message_sent')).toEqual([]);
    },
  );

  it('may name the context object', async () => {
    const world = await start({ TimeoutSecondsPath: '$$.Execution.Name' });
    const { error, cause } = await ending(world, await run(world));
    expect(error).toBe('States.Runtime');
    expect(cause).toContain('cannot be parsed as a long value: $$.Execution.Name == "one"');
  });
});

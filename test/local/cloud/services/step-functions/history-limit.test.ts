// Tests the limit of 25,000 events in an execution's history. The last events and the cause were recorded at AWS: the
// sources are in docs/local-emulators.md.
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ending, getAtt, machine, ref, run, startWorld, workQueue } from '../../../../support/small-stack.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

const limit = {
  status: 'FAILED',
  error: 'States.Runtime',
  cause: 'The execution reached the maximum number of history events (25000).',
};

/** States that write two events each. The last one continues at `Next`, or ends the execution. */
function passes(count: number, Next?: string) {
  const names = Array.from({ length: count }, (_none, at) => `P${at}`);
  const rest = Next === undefined ? { End: true } : { Next };
  return Object.fromEntries(
    names.map((name, at) => [name, { Type: 'Pass', ...(at + 1 < count ? { Next: names[at + 1] } : rest) }]),
  );
}

async function lastEvents({ states }: World, executionArn: string): Promise<HistoryEvent[]> {
  const all: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const get = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken });
    const answer = await states.send(get);
    all.push(...(answer.events ?? []));
    ({ nextToken } = answer);
  } while (nextToken !== undefined);
  return all.slice(-2);
}

describe('an execution with 24,999 events', () => {
  it('fails in a loop, with ExecutionFailed as event 25,000, and cannot be redriven', async () => {
    const Choices = [{ Variable: '$.spin', BooleanEquals: false, Next: 'Done' }];
    const loop = { Loop: { Type: 'Choice', Choices, Default: 'Loop' }, Done: { Type: 'Succeed' } };
    const world = await startWorld({ resources: machine(loop) });
    const executionArn = await run(world, { spin: true });
    expect(await ending(world, executionArn)).toMatchObject(limit);
    const { error, cause } = limit;
    expect(await lastEvents(world, executionArn)).toMatchObject([
      { id: 24_999, type: 'ChoiceStateExited' },
      {
        id: 25_000,
        previousEventId: 24_999,
        type: 'ExecutionFailed',
        executionFailedEventDetails: { error, cause },
      },
    ]);
    const described = await world.states.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution history event limit exceeded',
    });
    await expect(world.states.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: 'ExecutionNotRedrivable',
    });
  });

  it('succeeds if the next event is ExecutionSucceeded', async () => {
    const world = await startWorld({ resources: machine(passes(12_499)) });
    const executionArn = await run(world);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await lastEvents(world, executionArn)).toMatchObject([
      { id: 24_999, type: 'PassStateExited' },
      { id: 25_000, type: 'ExecutionSucceeded' },
    ]);
  });

  it('fails before its next task, which is neither started, retried nor caught', async () => {
    const work = { Type: 'Task', Resource: '${Work}' };
    const Retry = [{ ErrorEquals: ['States.ALL'] }];
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
    const states = {
      Once: { ...work, Next: 'P0' },
      ...passes(12_496, 'Twice'),
      Twice: { ...work, Retry, Catch, End: true },
      Caught: { Type: 'Succeed' },
    };
    const world = await startWorld({
      functions: { Work: 'export const handler = async () => ({});' },
      resources: machine(states, { substitutions: { Work: getAtt('Work', 'Arn') } }),
    });
    const executionArn = await run(world);
    expect(await ending(world, executionArn)).toMatchObject(limit);
    expect((await lastEvents(world, executionArn)).map(({ type }) => type)).toEqual([
      'TaskStateEntered',
      'ExecutionFailed',
    ]);
    expect(world.events('function_invoked')).toHaveLength(1);
  });

  it('waits for its task token, and then fails: on success, failure, stop and timeout', async () => {
    const ask = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: '${Requests}', MessageBody: { 'token.$': '$$.Task.Token' } },
      TimeoutSeconds: 900,
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      End: true,
    };
    const world = await startWorld({
      functions: { Worker: 'export const handler = async ({ Records }) => console.log(Records[0].body);' },
      resources: {
        ...workQueue('Requests', 'Worker'),
        ...machine({ ...passes(12_497, 'Ask'), Ask: ask }, { substitutions: { Requests: ref('Requests') } }),
      },
    });
    const ends: ((executionArn: string, taskToken: string) => Promise<unknown>)[] = [
      (_executionArn, taskToken) =>
        world.states.send(new SendTaskSuccessCommand({ taskToken, output: '{}' })),
      (_executionArn, taskToken) => world.states.send(new SendTaskFailureCommand({ taskToken, error: 'E' })),
      (executionArn) => world.states.send(new StopExecutionCommand({ executionArn })),
      () => world.cloud.advance(900_000),
    ];
    for (const [at, end] of ends.entries()) {
      const executionArn = await run(world, {}, `run-${at}`);
      expect((await ending(world, executionArn)).status).toBe('RUNNING');
      await end(executionArn, JSON.parse(String(world.events('function_logged').at(-1)?.['line'])).token);
      await world.cloud.settled();
      expect(await ending(world, executionArn)).toMatchObject(limit);
      expect((await lastEvents(world, executionArn)).map(({ type }) => type)).toEqual([
        'TaskSubmitted',
        'ExecutionFailed',
      ]);
    }
  });
});

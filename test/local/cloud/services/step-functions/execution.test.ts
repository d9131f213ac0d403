// Tests how an execution runs through its states, observed through the Step Functions API of the local cloud.
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import {
  ending,
  getAtt,
  machine,
  machineArn,
  ref,
  run,
  startWorld,
  workQueue,
} from '../../../../support/small-stack.ts';

const lambdaTask = { Type: 'Task', Resource: '${Work}', End: true };
const substitutions = { Work: getAtt('Work', 'Arn') };

function functionMachine(handler: string, state: object = {}, more: object = {}, topLevel: object = {}) {
  return startWorld({
    functions: { Work: handler },
    resources: machine({ Work: { ...lambdaTask, ...state }, ...more }, { substitutions, topLevel }),
  });
}

function choiceMachine(rule: object, more: object = {}) {
  return startWorld({
    resources: machine({
      Which: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No', ...more },
      Yes: { Type: 'Pass', Result: 'yes', End: true },
      No: { Type: 'Pass', Result: 'no', End: true },
    }),
  });
}

describe('a task that invokes a function', () => {
  it('passes the input, stores the answer as output, and records both in the history', async () => {
    const world = await functionMachine('export const handler = async (event) => ({ ...event, price: 7 });');
    const executionArn = await run(world, { symbol: 'AMZN' });
    expect(await ending(world, executionArn)).toEqual({
      status: 'SUCCEEDED',
      output: { symbol: 'AMZN', price: 7 },
    });
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'LambdaFunctionScheduled'],
      [4, 3, 'LambdaFunctionStarted'],
      [5, 4, 'LambdaFunctionSucceeded'],
      [6, 5, 'TaskStateExited'],
      [7, 6, 'ExecutionSucceeded'],
    ]);
    expect(events[4]?.lambdaFunctionSucceededEventDetails?.output).toBe('{"symbol":"AMZN","price":7}');
  });

  it('passes its Parameters, with paths into the input and the context object', async () => {
    const world = await functionMachine('export const handler = async (event) => event;', {
      Parameters: {
        'Input.$': '$.order',
        'ExecutionId.$': '$$.Execution.Id',
        'State.$': '$$.State.Name',
        fixed: [1],
      },
      ResultPath: '$.seen.here',
    });
    const executionArn = await run(world, { order: { quantity: 3 } });
    expect((await ending(world, executionArn)).output).toEqual({
      order: { quantity: 3 },
      seen: { here: { Input: { quantity: 3 }, ExecutionId: executionArn, State: 'Work', fixed: [1] } },
    });
  });

  it('fails the execution with the error thrown, in the format of Lambda', async () => {
    const world = await functionMachine(`
      class BrokerDown extends Error { override name = 'BrokerDown'; }
      export const handler = async () => { throw new BrokerDown('closed'); };`);
    const { status, error, cause } = await ending(world, await run(world));
    expect([status, error]).toEqual(['FAILED', 'BrokerDown']);
    expect(JSON.parse(cause ?? '')).toMatchObject({ errorType: 'BrokerDown', errorMessage: 'closed' });
    expect(world.events('function_failed')).toMatchObject([{ function: 'Work', errorType: 'BrokerDown' }]);
  });

  it('retries as its Retry says, on the clock', async () => {
    const world = await functionMachine(
      `let calls = 0;
       export const handler = async () => { calls += 1; if (calls < 4) throw new TypeError('not yet'); return calls; };`,
      {
        Retry: [
          {
            ErrorEquals: ['TypeError'],
            IntervalSeconds: 10,
            BackoffRate: 3,
            MaxAttempts: 3,
            MaxDelaySeconds: 60,
          },
        ],
      },
    );
    const executionArn = await run(world);
    const waits = () => world.events('state_retried').map(({ delay }) => delay);
    await world.cloud.advance(9_000);
    expect(waits()).toEqual([10_000]);
    await world.cloud.advance(1_000);
    expect(waits()).toEqual([10_000, 30_000]);
    // The last wait begins when the third call has failed, a moment after its 30 seconds.
    await world.cloud.advance(95_000);
    expect(waits()).toEqual([10_000, 30_000, 60_000]);
    expect(await ending(world, executionArn)).toEqual({ status: 'SUCCEEDED', output: 4 });
  });

  it('is caught, and the catcher stores the error', async () => {
    const world = await functionMachine(
      `export const handler = async () => { throw new RangeError('too many'); };`,
      { Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.failure', Next: 'Caught' }] },
      { Caught: { Type: 'Succeed' } },
    );
    const { status, output } = await ending(world, await run(world, { quantity: 1 }));
    expect(status).toBe('SUCCEEDED');
    expect(output).toMatchObject({ quantity: 1, failure: { Error: 'RangeError' } });
    expect(JSON.parse(output.failure.Cause).errorMessage).toBe('too many');
  });

  it('fails the execution if the catcher cannot store the error', async () => {
    const world = await startWorld({
      functions: { Work: `export const handler = async () => { throw new RangeError('too many'); };` },
      resources: machine(
        {
          Text: { Type: 'Pass', Result: 'no object', Next: 'Work' },
          Work: { ...lambdaTask, Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.a', Next: 'Text' }] },
        },
        { substitutions },
      ),
    });
    expect(await ending(world, await run(world))).toMatchObject({
      status: 'FAILED',
      error: 'States.ResultPathMatchFailure',
    });
  });

  it('fails with more than 256 KiB of output, and States.ALL does not catch that', async () => {
    const world = await functionMachine(
      `export const handler = async () => 'x'.repeat(262_143);`,
      { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] },
      { Caught: { Type: 'Succeed' } },
    );
    expect(await ending(world, await run(world))).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
  });

  it('is ended when it exceeds the Timeout of the function', async () => {
    const world = await startWorld({
      functions: {
        Work: 'export const handler = () => new Promise(() => { setInterval(() => {}, 1000); });',
      },
      resources: {
        ...machine({ Work: lambdaTask }, { substitutions }),
        Work: { Type: '', Properties: { Timeout: 1 } },
      },
    });
    const { error, cause } = await ending(world, await run(world));
    expect(error).toBe('Sandbox.Timedout');
    expect(cause).toContain('Task timed out after 1.00 seconds');
  });

  it('fails when it exceeds the TimeoutSeconds of its state, and a later answer is ignored', async () => {
    const world = await functionMachine(
      'export const handler = () => new Promise((done) => { setTimeout(done, 1500, "late"); });',
      { TimeoutSeconds: 1, Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: null, Next: 'Late' }] },
      { Late: { Type: 'Pass', Result: 'gave up', End: true } },
    );
    const executionArn = await run(world);
    expect(await ending(world, executionArn)).toEqual({ status: 'SUCCEEDED', output: 'gave up' });
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ type }) => type)).toContain('LambdaFunctionTimedOut');
  });

  it('fails like Lambda if the process exits', async () => {
    const world = await functionMachine('export const handler = async () => process.exit(3);');
    expect(await ending(world, await run(world))).toMatchObject({
      status: 'FAILED',
      error: 'Runtime.ExitError',
    });
  });
});

describe('a choice', () => {
  it.each([
    [{ Variable: '$.a', StringEquals: 'x' }, { a: 'x' }, 'yes'],
    [{ Variable: '$.a', StringEquals: 'x' }, { a: 'y' }, 'no'],
    [{ Variable: '$.a.b', IsPresent: true }, { a: {} }, 'no'],
    [{ Variable: '$.a', NumericGreaterThan: 10 }, { a: 10.5 }, 'yes'],
    [{ Variable: '$.a', NumericGreaterThan: 10 }, { a: 10 }, 'no'],
    [{ Variable: '$.a', NumericGreaterThan: 10 }, { a: '11' }, 'no'],
    [{ Variable: '$.a', NumericGreaterThanEquals: 10 }, { a: 10 }, 'yes'],
    [{ Variable: '$.a', NumericLessThan: 10 }, { a: 10 }, 'no'],
    [{ Variable: '$.a', NumericLessThanEquals: 10 }, { a: 10 }, 'yes'],
    [{ Variable: '$.a', NumericEquals: 10 }, { a: 10 }, 'yes'],
    [{ Variable: '$.a', BooleanEquals: true }, { a: 'true' }, 'no'],
    [{ Variable: '$.a', BooleanEquals: false }, { a: false }, 'yes'],
    [{ Variable: '$.a', IsNull: true }, { a: null }, 'yes'],
    [
      {
        Or: [
          { Variable: '$.a', StringEquals: 'x' },
          { Variable: '$.a', StringEquals: 'y' },
        ],
      },
      { a: 'y' },
      'yes',
    ],
    [{ Not: { Variable: '$.a.b', IsPresent: true } }, { a: {} }, 'yes'],
    [
      {
        And: [
          { Variable: '$.a', StringEquals: 'x' },
          { Variable: '$.b', StringEquals: 'y' },
        ],
      },
      { a: 'x', b: 'x' },
      'no',
    ],
    [
      {
        And: [
          { Variable: '$.a', IsPresent: true },
          { Variable: '$.a', StringEquals: 'x' },
        ],
      },
      {},
      'no',
    ],
  ])('decides that %j of %j is %s', async (rule, input, expected) => {
    const world = await choiceMachine(rule);
    expect((await ending(world, await run(world, input))).output).toBe(expected);
  });

  it('fails for a missing field, and this cannot be caught', async () => {
    const world = await choiceMachine({ Variable: '$.a', StringEquals: 'x' });
    expect(await ending(world, await run(world))).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
    });
  });
});

it('a Fail state ends the execution with its error and cause', async () => {
  const world = await startWorld({
    resources: machine({ No: { Type: 'Fail', Error: 'Nope', Cause: 'because' } }),
  });
  expect(await ending(world, await run(world))).toMatchObject({
    status: 'FAILED',
    error: 'Nope',
    cause: 'because',
  });
});

const waiting = () =>
  startWorld({
    functions: { Work: 'export const handler = async () => {};' },
    resources: {
      ...workQueue('Requests', 'Work'),
      ...machine(
        {
          Ask: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
            Parameters: { QueueUrl: '${Requests}', MessageBody: { 'Token.$': '$$.Task.Token' } },
            End: true,
          },
        },
        { substitutions: { Requests: ref('Requests') }, topLevel: { TimeoutSeconds: 100 } },
      ),
    },
  });

describe('StartExecution', () => {
  it('returns the running execution for the same name and input, and refuses a different input', async () => {
    const { states, cloud } = await waiting();
    const start = (input: string) =>
      states.send(new StartExecutionCommand({ stateMachineArn: machineArn, name: 'one', input }));
    const first = await start('{"a":1}');
    await cloud.advance(5_000);
    expect((await start('{"a":1}')).startDate).toEqual(first.startDate);
    await expect(start('{"a":2}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await states.send(
      new StopExecutionCommand({ executionArn: first.executionArn, error: 'Stop', cause: 'by hand' }),
    );
    await expect(start('{"a":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    expect(
      await states.send(new DescribeExecutionCommand({ executionArn: first.executionArn })),
    ).toMatchObject({
      status: 'ABORTED',
      error: 'Stop',
      cause: 'by hand',
    });
  });

  it.each([
    [{ name: 'a b' }, 'InvalidName'],
    [{ name: 'x'.repeat(81) }, 'InvalidName'],
    [{ input: '{' }, 'InvalidExecutionInput'],
    [{ stateMachineArn: `${machineArn}2` }, 'StateMachineDoesNotExist'],
  ])('with %j is refused as %s', async (wrong, name) => {
    const { states } = await waiting();
    const command = new StartExecutionCommand({ stateMachineArn: machineArn, ...wrong });
    await expect(states.send(command)).rejects.toMatchObject({ name });
  });

  it('lists executions by status, latest first', async () => {
    const world = await waiting();
    for (const name of ['one', 'two', 'three']) await run(world, {}, name);
    const list = async (more: object) => {
      const command = new ListExecutionsCommand({ stateMachineArn: machineArn, ...more });
      return (await world.states.send(command)).executions?.map(({ name }) => name);
    };
    expect(await list({})).toEqual(['three', 'two', 'one']);
    await world.cloud.advance(100_000);
    expect(await list({ statusFilter: 'RUNNING' })).toEqual([]);
    expect(await list({ statusFilter: 'TIMED_OUT' })).toHaveLength(3);
  });
});

/** Recorded at AWS: test_sfn_api.snapshot.json, in docs/local-emulators.md */
describe('an invalid argument', () => {
  const executionArn = 'not_an_arn';
  it.each([
    ['DescribeExecution', new DescribeExecutionCommand({ executionArn })],
    ['GetExecutionHistory', new GetExecutionHistoryCommand({ executionArn })],
    ['StopExecution', new StopExecutionCommand({ executionArn })],
    ['DescribeStateMachine', new DescribeStateMachineCommand({ stateMachineArn: 'not_an_arn' })],
    ['ListExecutions', new ListExecutionsCommand({ stateMachineArn: 'not_an_arn' })],
    ['StartExecution', new StartExecutionCommand({ stateMachineArn: 'not_an_arn' })],
  ])('of %s that is not an ARN is InvalidArn', async (_operation, command) => {
    const { states } = await waiting();
    // The overloads of `send` have no common signature for the commands.
    const asked = states.send(command as DescribeExecutionCommand);
    await expect(asked).rejects.toMatchObject({
      name: 'InvalidArn',
      message: "Invalid Arn: 'Invalid ARN prefix: not_an_arn'",
    });
  });

  it('of ListExecutions that is not a status is a ValidationException', async () => {
    const { states } = await waiting();
    const statusFilter = 'succeeded' as 'SUCCEEDED';
    const asked = states.send(new ListExecutionsCommand({ stateMachineArn: machineArn, statusFilter }));
    await expect(asked).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: " +
        'Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]',
    });
  });
});

/** Recorded at AWS: see docs/local-emulators.md. */
describe('the history and the description of an execution', () => {
  it('say that input and output are whole', async () => {
    const world = await functionMachine('export const handler = async () => 7;');
    const executionArn = await run(world);
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    const whole = { truncated: false };
    expect(events).toMatchObject([
      { executionStartedEventDetails: { input: '{}', inputDetails: whole } },
      { stateEnteredEventDetails: { input: '{}', inputDetails: whole } },
      { lambdaFunctionScheduledEventDetails: { input: '{}', inputDetails: whole } },
      { type: 'LambdaFunctionStarted' },
      { lambdaFunctionSucceededEventDetails: { output: '7', outputDetails: whole } },
      { stateExitedEventDetails: { output: '7', outputDetails: whole } },
      { executionSucceededEventDetails: { output: '7', outputDetails: whole } },
    ]);
    expect(Object.keys(events[3] ?? {}).toSorted()).toEqual(['id', 'previousEventId', 'timestamp', 'type']);
    const described = await world.states.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ inputDetails: { included: true }, outputDetails: { included: true } });
  });

  it('are not reversed: the request is refused by name', async () => {
    const world = await functionMachine('export const handler = async () => 7;');
    const executionArn = await run(world);
    await expect(
      world.states.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('reverseOrder'),
    });
  });

  it('have no error for an execution that timed out', async () => {
    const world = await waiting();
    const executionArn = await run(world);
    await world.cloud.advance(100_000);
    expect(await ending(world, executionArn)).toEqual({ status: 'TIMED_OUT' });
  });

  it('have no previous event and no reason for an execution that was stopped without one', async () => {
    const world = await waiting();
    const executionArn = await run(world);
    await world.states.send(new StopExecutionCommand({ executionArn }));
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      previousEventId: 0,
      executionAbortedEventDetails: {},
    });
  });

  it('say in the words of AWS that a result is too large', async () => {
    const world = await functionMachine(`export const handler = async () => 'x'.repeat(262_143);`);
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:Work';
    expect(await ending(world, await run(world))).toMatchObject({
      error: 'States.DataLimitExceeded',
      cause: `The state/task '${arn}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    });
  });

  it('name the state and its input for a path without a value', async () => {
    const world = await functionMachine('export const handler = async () => 7;', {
      Parameters: { 'value.$': '$.none' },
    });
    expect(await ending(world, await run(world, { a: 1 }))).toMatchObject({
      error: 'States.Runtime',
      cause:
        "An error occurred while executing the state 'Work' (entered at the event id #2). " +
        "The JSONPath '$.none' specified for the field 'value.$' could not be found in the input '{\"a\":1}'",
    });
  });
});

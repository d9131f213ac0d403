// Tests the task that CDK's LambdaInvoke writes by default: its result, its errors and its permission. Results and errors
// were recorded at AWS: the sources are in docs/local-emulators.md.
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ending, getAtt, machine, role, run, startWorld } from '../../../../support/small-stack.ts';

const echo = 'export const handler = async (event) => event;';
const substitutions = { Work: getAtt('Work', 'Arn') };

/** What CDK writes for `new LambdaInvoke(stack, 'Call', { lambdaFunction })`. */
const written = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: '${Work}', 'Payload.$': '$' },
  Retry: [
    {
      ErrorEquals: [
        'Lambda.ClientExecutionTimeoutException',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
      ],
      IntervalSeconds: 2,
      MaxAttempts: 6,
      BackoffRate: 2,
    },
  ],
  End: true,
};

function callMachine(handler: string, state: object = {}, more: object = {}) {
  return startWorld({
    functions: { Work: handler },
    resources: machine({ Call: { ...written, ...state }, ...more }, { substitutions }),
  });
}

const caughtAs = (...ErrorEquals: readonly string[]) => ({
  Catch: [{ ErrorEquals, ResultPath: '$.failure', Next: 'Caught' }],
});
const caught = { Caught: { Type: 'Succeed' } };

describe('a default LambdaInvoke', () => {
  it('has the answer of the Lambda API as its result', async () => {
    const world = await callMachine(`export const handler = async ({ n }) => 'doubled: ' + n * 2;`);
    const { status, output } = await ending(world, await run(world, { n: 21 }));
    const headers = {
      Connection: 'keep-alive',
      'Content-Length': '13',
      'Content-Type': 'application/json',
      Date: expect.stringMatching(/ GMT$/),
      'X-Amz-Executed-Version': '$LATEST',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-/),
      'x-amzn-Remapped-Content-Length': '0',
      'x-amzn-RequestId': expect.any(String),
    };
    expect({ status, output }).toEqual({
      status: 'SUCCEEDED',
      output: {
        ExecutedVersion: '$LATEST',
        Payload: 'doubled: 42',
        SdkHttpMetadata: {
          AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
          HttpHeaders: headers,
          HttpStatusCode: 200,
        },
        SdkResponseMetadata: { RequestId: output.SdkHttpMetadata.HttpHeaders['x-amzn-RequestId'] },
        StatusCode: 200,
      },
    });
  });

  it('has the events of a task, with its parameters', async () => {
    const world = await callMachine(echo);
    const executionArn = await run(world, { n: 21 });
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.slice(2, 5)).toMatchObject([
      {
        type: 'TaskScheduled',
        taskScheduledEventDetails: {
          resourceType: 'lambda',
          resource: 'invoke',
          region: 'us-east-1',
          parameters:
            '{"FunctionName":"arn:aws:lambda:us-east-1:000000000000:function:Work","Payload":{"n":21}}',
        },
      },
      { type: 'TaskStarted', taskStartedEventDetails: { resourceType: 'lambda', resource: 'invoke' } },
      { type: 'TaskSucceeded', taskSucceededEventDetails: { resourceType: 'lambda', resource: 'invoke' } },
    ]);
  });

  it.each([
    ['an object', { n: 1 }, { n: 1 }],
    ['JSON text, which is sent as it is', '{"n":1}', { n: 1 }],
    ['null, which is sent as no payload', null, {}],
  ])('passes %s', async (_what, payload, passed) => {
    const Parameters = { FunctionName: '${Work}', 'Payload.$': '$.payload' };
    const world = await callMachine(echo, { Parameters, OutputPath: '$.Payload' });
    expect(await ending(world, await run(world, { payload }))).toEqual({
      status: 'SUCCEEDED',
      output: passed,
    });
  });

  it('fails with a text that is not JSON', async () => {
    const Parameters = { FunctionName: '${Work}', Payload: 'test data' };
    const world = await callMachine(echo, { Parameters });
    expect(await ending(world, await run(world))).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.InvalidRequestContentException',
      cause: expect.stringMatching(
        /^Could not parse request body into json: .* \(Service: AWSLambda; Status Code: 400; Error Code: InvalidRequestContentException; /,
      ),
    });
    expect(world.events('function_invoked')).toEqual([]);
  });

  it('fails with the name of the error that the function throws, and CDK’s Retry does not repeat it', async () => {
    const world = await callMachine(
      `export const handler = async () => { throw Object.assign(new Error('closed'), { name: 'BrokerDown' }); };`,
    );
    const { status, error, cause } = await ending(world, await run(world));
    expect({ status, error, cause: JSON.parse(cause ?? '') }).toMatchObject({
      status: 'FAILED',
      error: 'BrokerDown',
      cause: { errorType: 'BrokerDown', errorMessage: 'closed' },
    });
    expect(world.events('function_invoked')).toHaveLength(1);
  });

  it('gives the error to a catcher, whose output OutputPath does not change', async () => {
    const throwing = `export const handler = async () => { throw new RangeError('too many'); };`;
    const state = { ...caughtAs('RangeError'), OutputPath: '$.Payload' };
    const world = await callMachine(throwing, state, caught);
    expect(await ending(world, await run(world, { n: 1 }))).toMatchObject({
      status: 'SUCCEEDED',
      output: { n: 1, failure: { Error: 'RangeError' } },
    });
  });

  it('retries six times without the permission, as CDK’s Retry says', async () => {
    const world = await startWorld({
      functions: { Work: echo },
      resources: {
        ...role('Role', []),
        ...machine({ Call: written }, { substitutions }),
      },
    });
    const executionArn = await run(world);
    await world.cloud.advance(130_000);
    expect(world.events('state_retried').map(({ delay }) => delay)).toEqual([
      2_000, 4_000, 8_000, 16_000, 32_000, 64_000,
    ]);
    expect(await ending(world, executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.AWSLambdaException',
      cause: expect.stringContaining('is not authorized to perform: lambda:InvokeFunction on resource: arn:'),
    });
    expect(world.events('function_invoked')).toEqual([]);
  });

  it('needs only the permission that CDK grants', async () => {
    const Resource = [getAtt('Work', 'Arn'), { 'Fn::Join': ['', [getAtt('Work', 'Arn'), ':*']] }];
    const world = await startWorld({
      functions: { Work: echo },
      resources: {
        ...role('Role', [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource }]),
        ...machine({ Call: { ...written, OutputPath: '$.Payload' } }, { substitutions }),
      },
    });
    expect(await ending(world, await run(world, { n: 1 }))).toEqual({
      status: 'SUCCEEDED',
      output: { n: 1 },
    });
  });

  it('fails with more than 256 KiB, and names lambda', async () => {
    const world = await callMachine(
      `export const handler = async () => 'x'.repeat(262_142);`,
      caughtAs('States.DataLimitExceeded'),
      caught,
    );
    expect((await ending(world, await run(world))).output.failure).toEqual({
      Error: 'States.DataLimitExceeded',
      Cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('is TaskTimedOut after its TimeoutSeconds', async () => {
    const world = await callMachine(
      'export const handler = () => new Promise((resolve) => setTimeout(resolve, 2_000));',
      { TimeoutSeconds: 1 },
    );
    const executionArn = await run(world);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.at(-2)?.type).toBe('TaskTimedOut');
  });
});

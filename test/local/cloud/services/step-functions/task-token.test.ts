// Tests a state that waits for its task token: how it continues, and the answer to an invalid or used token.
import {
  GetExecutionHistoryCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ending, machine, ref, run, startWorld, workQueue } from '../../../../support/small-stack.ts';

type World = Awaited<ReturnType<typeof waiting>>;

/** The function on the queue logs the message, as no function of a product should: the test reads the token there. */
function waiting() {
  return startWorld({
    functions: { Worker: 'export const handler = async ({ Records }) => { console.log(Records[0].body); };' },
    resources: {
      ...workQueue('Requests', 'Worker'),
      ...machine(
        {
          Ask: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
            Parameters: {
              QueueUrl: '${Requests}',
              MessageBody: {
                'Input.$': '$',
                'TaskToken.$': '$$.Task.Token',
                'EnteredTime.$': '$$.State.EnteredTime',
              },
            },
            TimeoutSeconds: 900,
            ResultPath: '$.approval',
            Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.approval', Next: 'Expired' }],
            End: true,
          },
          Expired: { Type: 'Pass', Result: { outcome: 'expired' }, ResultPath: '$.approval', End: true },
        },
        { substitutions: { Requests: ref('Requests') } },
      ),
    },
  });
}

function message({ events }: World) {
  return JSON.parse(String(events('function_logged').at(-1)?.['line']));
}

const approve = ({ states }: World, taskToken: string, output = '{"outcome":"approved"}') =>
  states.send(new SendTaskSuccessCommand({ taskToken, output }));

describe('a state that waits for its task token', () => {
  it('sends the message, waits, and continues with the output of the token', async () => {
    const world = await waiting();
    const executionArn = await run(world, { symbol: 'AMZN' });
    const { Input, TaskToken, EnteredTime } = message(world);
    expect(Input).toEqual({ symbol: 'AMZN' });
    expect(new Date(EnteredTime).toISOString()).toBe(EnteredTime);
    await world.cloud.advance(899_000);
    expect(await ending(world, executionArn)).toMatchObject({ status: 'RUNNING' });
    await approve(world, TaskToken);
    await world.cloud.settled();
    const output = { symbol: 'AMZN', approval: { outcome: 'approved' } };
    expect(await ending(world, executionArn)).toEqual({ status: 'SUCCEEDED', output });
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ type }) => type).slice(2, 6)).toEqual([
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
    ]);
  });

  it('records the answer of SQS, with its HTTP data', async () => {
    const world = await waiting();
    const executionArn = await run(world);
    const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
    const { taskSubmittedEventDetails } = events.find(({ type }) => type === 'TaskSubmitted') ?? {};
    const output = JSON.parse(taskSubmittedEventDetails?.output ?? '');
    const requestId = output.SdkResponseMetadata.RequestId;
    expect(output).toEqual({
      MD5OfMessageBody: expect.stringMatching(/^[\da-f]{32}$/),
      MessageId: expect.stringMatching(/^[\da-f-]{36}$/),
      SdkHttpMetadata: {
        AllHttpHeaders: {
          'x-amzn-RequestId': [requestId],
          connection: ['keep-alive'],
          'Content-Length': ['106'],
          Date: [expect.stringMatching(/ GMT$/)],
          'Content-Type': ['application/x-amz-json-1.0'],
        },
        HttpHeaders: {
          connection: 'keep-alive',
          'Content-Length': '106',
          'Content-Type': 'application/x-amz-json-1.0',
          Date: expect.stringMatching(/ GMT$/),
          'x-amzn-RequestId': requestId,
        },
        HttpStatusCode: 200,
      },
      SdkResponseMetadata: { RequestId: requestId },
    });
  });

  it('times out on the clock, which can be caught', async () => {
    const world = await waiting();
    const executionArn = await run(world);
    const { TaskToken } = message(world);
    await world.cloud.advance(900_000);
    expect(await ending(world, executionArn)).toEqual({
      status: 'SUCCEEDED',
      output: { approval: { outcome: 'expired' } },
    });
    await expect(approve(world, TaskToken)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('fails with the error of SendTaskFailure', async () => {
    const world = await waiting();
    const executionArn = await run(world);
    const failure = { taskToken: message(world).TaskToken, error: 'CannotAsk', cause: 'no channel' };
    await world.states.send(new SendTaskFailureCommand(failure));
    expect(await ending(world, executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'CannotAsk',
      cause: 'no channel',
    });
  });

  it('distinguishes a used token from an unknown one and refuses output that is not JSON', async () => {
    const world = await waiting();
    await run(world);
    const { TaskToken } = message(world);
    await expect(approve(world, TaskToken, 'approved')).rejects.toMatchObject({ name: 'InvalidOutput' });
    await approve(world, TaskToken);
    await expect(approve(world, TaskToken)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    const never = `${TaskToken.slice(0, -8)}AAAAAAAA`;
    await expect(approve(world, never)).rejects.toMatchObject({ name: 'TaskDoesNotExist' });
  });

  it.each([
    ['of another length', 'NoSuchTaskToken'],
    ['with another character', `${'A'.repeat(639)}!`],
  ])('answers InvalidToken for a text %s', async (_what, taskToken) => {
    const world = await waiting();
    const invalid = { name: 'InvalidToken', message: "Invalid Token: 'Invalid token'" };
    await expect(approve(world, taskToken)).rejects.toMatchObject(invalid);
    await expect(world.states.send(new SendTaskFailureCommand({ taskToken }))).rejects.toMatchObject(invalid);
  });

  it('the cloud logs no task token', async () => {
    const world = await waiting();
    await run(world);
    const { TaskToken } = message(world);
    await approve(world, TaskToken);
    await world.cloud.settled();
    const own = world.logged.filter(({ event }) => event !== 'function_logged');
    expect(own.map(({ event }) => event)).toEqual([
      'execution_started',
      'state_entered',
      'message_sent',
      'function_invoked',
      'execution_succeeded',
    ]);
    expect(JSON.stringify(own)).not.toContain(TaskToken);
  });
});

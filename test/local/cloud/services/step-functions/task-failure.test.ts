// Tests how a task fails: the error and the cause that an execution, its history and its catchers see. Error names and
// texts were recorded at AWS: the sources are in docs/local-emulators.md.
import { GetExecutionHistoryCommand, SendTaskFailureCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ending, getAtt, machine, ref, run, startWorld, workQueue } from '../../../../support/small-stack.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

const logging =
  'export const handler = async ({ Records }) => { for (const { body } of Records) console.log(body); };';

/** A machine with the one task `Do`, a queue and a topic. */
function taskMachine(task: object, more: object = {}) {
  return startWorld({
    functions: { Worker: logging },
    resources: {
      ...workQueue('Work', 'Worker'),
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'results' } },
      ...machine(
        { Do: { Type: 'Task', End: true, ...task }, ...more },
        { substitutions: { Queue: ref('Work'), Topic: ref('Topic'), Work: getAtt('Worker', 'Arn') } },
      ),
    },
  });
}

const ask = (message: object) => ({
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Parameters: { QueueUrl: '${Queue}', ...message },
});
const publish = (parameters: object) => ({
  Resource: 'arn:aws:states:::sns:publish',
  Parameters: parameters,
});
const caughtAs = (...ErrorEquals: readonly string[]) => ({
  Catch: [{ ErrorEquals, ResultPath: '$.failure', Next: 'Caught' }],
});
const caught = { Caught: { Type: 'Succeed' } };

async function detailsOf({ states }: World, executionArn: string, type: string) {
  const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
  const found = events.findLast((event) => event.type === type);
  return (
    found?.taskFailedEventDetails ?? found?.taskTimedOutEventDetails ?? found?.executionFailedEventDetails
  );
}

/** Fails the waiting task without an error and a cause. */
async function failWithoutError(world: World): Promise<string> {
  const executionArn = await run(world);
  const { TaskToken } = JSON.parse(String(world.events('function_logged')[0]?.['line']));
  await world.states.send(new SendTaskFailureCommand({ taskToken: TaskToken }));
  await world.cloud.settled();
  return executionArn;
}

describe('a call that a service refuses', () => {
  it.each([null, ''])('fails an empty MessageBody (%j) with the error of the client', async (MessageBody) => {
    const world = await taskMachine(ask({ 'MessageBody.$': '$.MessageBody' }));
    expect(await ending(world, await run(world, { MessageBody }))).toMatchObject({
      status: 'FAILED',
      error: 'SQS.AmazonSQSException',
      cause: expect.stringMatching(
        /^The request must contain the parameter MessageBody\. \(Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter; Request ID: [\w-]+; Proxy: null\)$/,
      ),
    });
    expect(world.events('message_sent')).toEqual([]);
  });

  it('fails with the error that has a class in the client, if there is one', async () => {
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:other';
    const world = await taskMachine(publish({ TopicArn, Message: 'x' }));
    expect(await ending(world, await run(world))).toMatchObject({
      status: 'FAILED',
      error: 'SNS.NotFoundException',
      cause: expect.stringMatching(
        /^Topic does not exist \(Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: [\w-]+; Proxy: null\)$/,
      ),
    });
  });

  it('fails an empty Message', async () => {
    const world = await taskMachine(publish({ TopicArn: '${Topic}', 'Message.$': '$.Message' }));
    expect(await ending(world, await run(world, { Message: null }))).toMatchObject({
      status: 'FAILED',
      error: 'SNS.InvalidParameterException',
      cause: expect.stringContaining(
        'Invalid parameter: Empty message (Service: AmazonSNS; Status Code: 400;',
      ),
    });
  });
});

describe('SendTaskFailure without an error and a cause', () => {
  const waiting = ask({ MessageBody: { 'TaskToken.$': '$$.Task.Token' } });

  it('is caught by States.ALL, with null for both', async () => {
    const world = await taskMachine({ ...waiting, ...caughtAs('States.ALL') }, caught);
    const executionArn = await failWithoutError(world);
    expect(await ending(world, executionArn)).toEqual({
      status: 'SUCCEEDED',
      output: { failure: { Error: null, Cause: null } },
    });
    const resource = { resource: 'sendMessage.waitForTaskToken', resourceType: 'sqs' };
    expect(await detailsOf(world, executionArn, 'TaskFailed')).toEqual(resource);
  });

  it('fails the execution without an error', async () => {
    const world = await taskMachine(waiting);
    const executionArn = await failWithoutError(world);
    expect(await ending(world, executionArn)).toEqual({ status: 'FAILED' });
    expect(await detailsOf(world, executionArn, 'ExecutionFailed')).toEqual({});
  });
});

it('a state that times out has no cause in the history, and an empty one for its catcher', async () => {
  const waiting = { ...ask({ MessageBody: { 'TaskToken.$': '$$.Task.Token' } }), TimeoutSeconds: 5 };
  const world = await taskMachine({ ...waiting, ...caughtAs('States.Timeout') }, caught);
  const executionArn = await run(world);
  await world.cloud.advance(5_000);
  expect(await ending(world, executionArn)).toEqual({
    status: 'SUCCEEDED',
    output: { failure: { Error: 'States.Timeout', Cause: '' } },
  });
  const uncaught = await taskMachine(waiting);
  const failed = await run(uncaught);
  await uncaught.cloud.advance(5_000);
  expect(await detailsOf(uncaught, failed, 'ExecutionFailed')).toEqual({ error: 'States.Timeout' });
});

it('a Fail state without Error and Cause fails the execution without them', async () => {
  const world = await startWorld({ resources: machine({ No: { Type: 'Fail' } }) });
  const executionArn = await run(world);
  expect(await ending(world, executionArn)).toEqual({ status: 'FAILED' });
  expect(await detailsOf(world, executionArn, 'ExecutionFailed')).toEqual({});
});

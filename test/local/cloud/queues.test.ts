// Queues, topics and rules: what reaches a function, how often, and what becomes of what it cannot take.
import { PublishCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { processedMessages } from '../../../local/cloud/batch-response.ts';
import { getAtt, machine, ref, run, startWorld, workQueue, type Resources } from './world.ts';

const logging = 'export const handler = async (event) => { console.log(JSON.stringify(event)); };';
const failing = "export const handler = async () => { throw new Error('down'); };";

type World = Awaited<ReturnType<typeof startWorld>>;

function worker(handler: string, delivery: object = {}, queue: object = {}, more: Resources = {}) {
  return startWorld({
    functions: { Worker: handler },
    resources: { ...workQueue('Work', 'Worker', delivery, queue), ...more },
  });
}

async function send({ queues }: World, ...bodies: readonly string[]) {
  const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: 'Work' }));
  for (const MessageBody of bodies) await queues.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

function received({ events }: World) {
  return events('function_logged').map(({ line }) => JSON.parse(String(line)).Records);
}

async function count({ queues }: World, QueueName: string) {
  const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes } = await queues.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return [
    Number(Attributes?.['ApproximateNumberOfMessages']),
    Number(Attributes?.['ApproximateNumberOfMessagesNotVisible']),
  ];
}

describe('a queue before a function', () => {
  it('delivers a message in the shape of SQS events, then forgets it', async () => {
    const world = await worker(logging);
    await send(world, 'hello');
    await world.cloud.settled();
    const [[record]] = received(world);
    expect(record).toMatchObject({
      body: 'hello',
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Work',
      awsRegion: 'us-east-1',
      attributes: { ApproximateReceiveCount: '1' },
    });
    expect(await count(world, 'Work')).toEqual([0, 0]);
  });

  it('delivers again after the visibility timeout, and to the dead letters after too many times', async () => {
    const world = await worker(failing);
    await send(world, 'poison');
    await world.cloud.settled();
    expect(world.events('function_invoked')).toHaveLength(1);
    await world.cloud.advance(59_000);
    expect(await count(world, 'Work')).toEqual([0, 1]);
    await world.cloud.advance(1_000);
    expect(world.events('function_invoked')).toHaveLength(2);
    await world.cloud.advance(60_000);
    expect(world.events('function_invoked')).toHaveLength(2);
    expect(await count(world, 'Work')).toEqual([0, 0]);
    expect(await count(world, 'WorkDeadLetters')).toEqual([1, 0]);
    expect(world.events('message_dead_lettered')).toHaveLength(1);
  });

  it('takes back the failed messages of a batch alone', async () => {
    const handler = `export const handler = async ({ Records }) => {
      console.log(JSON.stringify({ Records }));
      return { batchItemFailures: Records.filter((r) => r.body === 'bad').map((r) => ({ itemIdentifier: r.messageId })) };
    };`;
    const delivery = {
      BatchSize: 5,
      MaximumBatchingWindowInSeconds: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    };
    const world = await worker(handler, delivery);
    await send(world, 'good', 'bad', 'fine');
    await world.cloud.settled();
    expect(received(world)).toEqual([]);
    await world.cloud.advance(10_000);
    expect(received(world)[0].map(({ body }: { body: string }) => body)).toEqual(['good', 'bad', 'fine']);
    await world.cloud.advance(70_000);
    expect(received(world)[1]).toMatchObject([{ body: 'bad', attributes: { ApproximateReceiveCount: '2' } }]);
  });

  it('waits for DelaySeconds', async () => {
    const world = await worker(logging, {}, { DelaySeconds: 30 });
    await send(world, 'later');
    await world.cloud.advance(29_000);
    expect(received(world)).toEqual([]);
    await world.cloud.advance(1_000);
    expect(received(world)).toHaveLength(1);
  });

  it('delivers the last message once more when asked, as SQS may', async () => {
    const world = await worker(logging);
    await send(world, 'twice');
    await world.cloud.settled();
    await world.cloud.redeliver('Work');
    const [[first], [second]] = received(world);
    expect(second.messageId).toBe(first.messageId);
    expect(second.receiptHandle).not.toBe(first.receiptHandle);
  });

  it('refuses a message of more than 1 MiB', async () => {
    const world = await worker(logging);
    await send(world, 'x'.repeat(1_048_576));
    await expect(send(world, 'x'.repeat(1_048_577))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('is listed', async () => {
    const { queues, cloud } = await worker(logging);
    const { QueueUrls } = await queues.send(new ListQueuesCommand({ QueueNamePrefix: 'WorkDead' }));
    expect(QueueUrls).toEqual([`${cloud.url}/000000000000/WorkDeadLetters`]);
  });
});

describe('which messages of a batch are done', () => {
  const batch = ['a', 'b'].map((id) => ({ id, body: '', sentAt: 0, visibleAt: 0, receiveCount: 1 }));
  it.each([
    ['null', ['a', 'b']],
    ['{}', ['a', 'b']],
    ['{"batchItemFailures":null}', ['a', 'b']],
    ['{"batchItemFailures":[]}', ['a', 'b']],
    ['{"batchItemFailures":[{"itemIdentifier":"a"}]}', ['b']],
    ['{"batchItemFailures":[{"itemIdentifier":"c"}]}', []],
    ['{"batchItemFailures":[{"itemIdentifier":""}]}', []],
    ['{"batchItemFailures":[{"itemIdentifier":null}]}', []],
    ['{"batchItemFailures":[{"messageId":"a"}]}', []],
    ['{"batchItemFailures":"a"}', []],
    ['"done"', []],
  ])('after the answer %s: %j', (payload, done) => {
    expect(processedMessages({ ok: true, payload }, batch, true)).toEqual(done);
    expect(processedMessages({ ok: true, payload }, batch, false)).toEqual(['a', 'b']);
  });
});

const subscription = (raw: boolean): Resources => ({
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'results' } },
  Subscription: {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: ref('Topic'),
      Protocol: 'sqs',
      Endpoint: getAtt('Work', 'Arn'),
      RawMessageDelivery: raw,
    },
  },
});

describe('a topic', () => {
  it('passes a published message to its queue as it is, if raw', async () => {
    const world = await worker(logging, {}, {}, subscription(true));
    const { Topics } = await world.topics.send(new ListTopicsCommand({}));
    await world.topics.send(new PublishCommand({ TopicArn: Topics?.[0]?.TopicArn, Message: '{"é":"<&>"}' }));
    await world.cloud.settled();
    expect(received(world)[0][0].body).toBe('{"é":"<&>"}');
  });

  it('wraps it in a notification if not, also when a state publishes', async () => {
    const publish = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Parameters: { TopicArn: '${Topic}', Message: { 'Input.$': '$' } },
      ResultPath: null,
      End: true,
    };
    const report = machine({ Report: publish }, { substitutions: { Topic: ref('Topic') } });
    const world = await worker(logging, {}, {}, { ...subscription(false), ...report });
    await run(world, { result: 'filled' });
    const notification = JSON.parse(received(world)[0][0].body);
    expect(notification).toMatchObject({
      Type: 'Notification',
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:results',
    });
    expect(JSON.parse(notification.Message)).toEqual({ Input: { result: 'filled' } });
  });

  it('that is not there is said to be', async () => {
    const { topics } = await worker(logging, {}, {}, subscription(true));
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:other';
    await expect(topics.send(new PublishCommand({ TopicArn, Message: 'x' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});

it('a rule passes the status changes that match its pattern', async () => {
  const EventPattern = {
    source: ['aws.states'],
    detail: { status: ['FAILED', 'ABORTED'], stateMachineArn: [ref('Machine')] },
  };
  const Targets = [{ Id: 'one', Arn: getAtt('Work', 'Arn') }];
  const world = await worker(
    logging,
    {},
    {},
    {
      ...machine({ No: { Type: 'Fail', Error: 'Nope', Cause: 'because' } }),
      Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern, State: 'ENABLED', Targets } },
    },
  );
  const executionArn = await run(world, { a: 1 });
  expect(received(world)).toHaveLength(1);
  expect(JSON.parse(received(world)[0][0].body)).toMatchObject({
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    resources: [executionArn],
    detail: {
      executionArn,
      name: 'one',
      status: 'FAILED',
      input: '{"a":1}',
      output: null,
      error: 'Nope',
      cause: 'because',
    },
  });
});

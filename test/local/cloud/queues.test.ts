// Queues, topics and rules: what reaches a function, how often, and what becomes of what it cannot take.
import { PublishCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { processedMessages } from '../../../local/cloud/queues.ts';
import { getAtt, machine, ref, run, startWorld, workQueue, type Resources } from './world.ts';

const logging = 'export const handler = async (event) => { console.log(JSON.stringify(event)); };';
const failing = "export const handler = async () => { throw new Error('down'); };";

type World = Awaited<ReturnType<typeof startWorld>>;

function worker(handler: string, more: Resources = {}) {
  return startWorld({
    functions: { Worker: handler },
    resources: { ...workQueue('Work', 'Worker'), ...more },
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
      return { batchItemFailures: Records.slice(1).map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };`;
    const { Topic, Subscription } = subscription();
    const world = await worker(handler, { Topic, Subscription, Again: Subscription });
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:results';
    await world.topics.send(new PublishCommand({ TopicArn, Message: 'both' }));
    await world.cloud.advance(70_000);
    const [[, second], again] = received(world);
    expect(again).toMatchObject([
      { messageId: second.messageId, attributes: { ApproximateReceiveCount: '2' } },
    ]);
    expect(await count(world, 'Work')).toEqual([0, 0]);
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
    const { QueueUrls } = await queues.send(new ListQueuesCommand({}));
    expect(QueueUrls).toEqual(['Work', 'WorkDeadLetters'].map((name) => `${cloud.url}/000000000000/${name}`));
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
    expect(processedMessages({ ok: true, payload }, batch)).toEqual(done);
  });
});

const subscription = () => ({
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'results' } },
  Subscription: {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: ref('Topic'),
      Protocol: 'sqs',
      Endpoint: getAtt('Work', 'Arn'),
      RawMessageDelivery: true,
    },
  },
});

describe('a topic', () => {
  it('passes a published message to its queue as it is', async () => {
    const world = await worker(logging, subscription());
    const { Topics } = await world.topics.send(new ListTopicsCommand({}));
    await world.topics.send(new PublishCommand({ TopicArn: Topics?.[0]?.TopicArn, Message: '{"é":"<&>"}' }));
    await world.cloud.settled();
    expect(received(world)[0][0].body).toBe('{"é":"<&>"}');
  });

  it('passes what a state publishes', async () => {
    const publish = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Parameters: { TopicArn: '${Topic}', Message: { 'Input.$': '$' } },
      ResultPath: null,
      End: true,
    };
    const report = machine({ Report: publish }, { substitutions: { Topic: ref('Topic') } });
    const world = await worker(logging, { ...subscription(), ...report });
    await run(world, { result: 'filled' });
    expect(JSON.parse(received(world)[0][0].body)).toEqual({ Input: { result: 'filled' } });
  });

  it('that is not there is said to be', async () => {
    const { topics } = await worker(logging, subscription());
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
  const world = await worker(logging, {
    ...machine({ No: { Type: 'Fail', Error: 'Nope', Cause: 'because' } }),
    Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern, State: 'ENABLED', Targets } },
  });
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

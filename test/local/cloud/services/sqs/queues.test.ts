// Tests queues, topics and rules: what reaches a function, how often, and what happens to messages that fail.
import { PublishCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { processedMessages } from '../../../../../local/cloud/services/sqs/event-sources.ts';
import {
  ending,
  getAtt,
  machine,
  ref,
  role,
  run,
  startWorld,
  workQueue,
  type Resources,
} from '../../../../support/small-stack.ts';

const logging = 'export const handler = async (event) => { console.log(JSON.stringify(event)); };';
const failing = "export const handler = async () => { throw new Error('down'); };";

type World = Awaited<ReturnType<typeof startWorld>>;

function worker(handler: string, more: Resources = {}) {
  return startWorld({
    functions: { Worker: handler },
    resources: { ...workQueue('Work', 'Worker'), ...more },
  });
}

/** Its function counts down: sends the next number, 20 seconds later, by the URL that its environment names. */
function sendingWorker(queueArn: object) {
  const poll = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return worker(
    `import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
    const client = new SQSClient();
    export const handler = async ({ Records }) => {
      console.log(JSON.stringify({ Records }));
      const left = Number(Records[0].body) - 1;
      const next = { QueueUrl: process.env.QUEUE_URL, MessageBody: String(left), DelaySeconds: 20 };
      if (left >= 0) await client.send(new SendMessageCommand(next));
    };`,
    {
      ...role('Sender', [
        { Effect: 'Allow', Action: poll, Resource: '*' },
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn },
      ]),
      WorkPolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [ref('Work')], PolicyDocument: { Statement: [] } },
      },
      Worker: {
        Type: '',
        Properties: {
          Role: getAtt('Sender', 'Arn'),
          Environment: { Variables: { QUEUE_URL: ref('Work') } },
        },
      },
    },
  );
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

describe('a queue with a function', () => {
  it('delivers a message as an SQS event, then deletes it', async () => {
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

  it('delivers again after the visibility timeout, and moves a message to the dead letters after too many attempts', async () => {
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

  it('keeps only the failed messages of a batch', async () => {
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

  it('delivers the last message again on request, as SQS may', async () => {
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
    await expect(send(world, 'x'.repeat(1_048_577))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    });
  });

  it('counts the names, types and values of attributes towards the size of a message', async () => {
    const world = await worker(logging);
    const { QueueUrl } = await world.queues.send(new GetQueueUrlCommand({ QueueName: 'Work' }));
    const MessageAttributes = { k: { DataType: 'String', StringValue: 'x' } };
    const sent = (length: number) =>
      world.queues.send(
        new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(length), MessageAttributes }),
      );
    await sent(1_048_568);
    await expect(sent(1_048_569)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('refuses an empty message', async () => {
    const world = await worker(logging);
    await expect(send(world, '')).rejects.toMatchObject({
      name: 'MissingParameter',
      message: 'The request must contain the parameter MessageBody.',
    });
  });

  it('delivers the attributes of a message, with their digest', async () => {
    const world = await worker(logging);
    const { QueueUrl } = await world.queues.send(new GetQueueUrlCommand({ QueueName: 'Work' }));
    const MessageAttributes = {
      Title: { DataType: 'String', StringValue: 'The Whistler' },
      Author: { DataType: 'String', StringValue: 'John Grisham' },
      WeeksOn: { DataType: 'Number', StringValue: '6' },
    };
    const sent = await world.queues.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'book', MessageAttributes }),
    );
    // The digest that AWS recorded for these attributes.
    expect(sent.MD5OfMessageAttributes).toBe('d25a6aea97eb8f585bfa92d314504a92');
    await world.cloud.settled();
    const [[record]] = received(world);
    expect(record.md5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(record.messageAttributes.WeeksOn).toEqual({
      dataType: 'Number',
      stringValue: '6',
      stringListValues: [],
      binaryListValues: [],
    });
  });

  it('tells the function when a message was received for the first time', async () => {
    const world = await worker(
      failing.replace('async () => {', 'async (event) => { console.log(JSON.stringify(event));'),
    );
    await send(world, 'poison');
    await world.cloud.advance(60_000);
    const [first, second] = received(world).map(([{ attributes }]) => attributes);
    const firstReceived = Number(first.ApproximateFirstReceiveTimestamp);
    expect(firstReceived).toBeGreaterThanOrEqual(Number(first.SentTimestamp));
    expect(firstReceived).toBeLessThan(Number(first.SentTimestamp) + 1_000);
    expect(second).toMatchObject({
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: first.ApproximateFirstReceiveTimestamp,
    });
  });

  it('holds a delayed message back and counts it as delayed', async () => {
    const world = await worker(logging);
    const { QueueUrl } = await world.queues.send(new GetQueueUrlCommand({ QueueName: 'Work' }));
    await world.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 900 }));
    await world.cloud.advance(899_000);
    expect(received(world)).toEqual([]);
    expect(await count(world, 'Work')).toEqual([0, 0]);
    const asked = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessagesDelayed' as const] };
    const { Attributes } = await world.queues.send(new GetQueueAttributesCommand(asked));
    expect(Attributes).toEqual({ ApproximateNumberOfMessagesDelayed: '1' });
    await world.cloud.advance(1_000);
    expect(received(world)).toMatchObject([
      [{ body: 'later', attributes: { ApproximateReceiveCount: '1' } }],
    ]);
  });

  it.each([901, -1, 1.5])('refuses a delay of %d seconds', async (DelaySeconds) => {
    const world = await worker(logging);
    const { QueueUrl } = await world.queues.send(new GetQueueUrlCommand({ QueueName: 'Work' }));
    const sent = world.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds }));
    await expect(sent).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('accepts a message from its own function as a new message, received once', async () => {
    const world = await sendingWorker(getAtt('Work', 'Arn'));
    await send(world, '3');
    await world.cloud.advance(90_000);
    const records = received(world).flat();
    expect(records).toMatchObject(
      ['3', '2', '1', '0'].map((body) => ({ body, attributes: { ApproximateReceiveCount: '1' } })),
    );
    const [sent = 0, , , last = 0] = records.map(({ attributes }) => Number(attributes.SentTimestamp));
    expect(last - sent).toBeGreaterThanOrEqual(40_000);
    expect(last - sent).toBeLessThan(80_000);
    expect(await count(world, 'WorkDeadLetters')).toEqual([0, 0]);
  });

  it('refuses a message from a function without a grant', async () => {
    const world = await sendingWorker(getAtt('WorkDeadLetters', 'Arn'));
    await send(world, '3');
    await world.cloud.settled();
    expect(world.events('function_failed')).toMatchObject([
      {
        errorType: 'AccessDeniedException',
        errorMessage: expect.stringContaining(
          'not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:us-east-1:000000000000:Work ',
        ),
      },
    ]);
  });

  it('accepts redriven dead letters as new messages', async () => {
    const world = await worker(
      `let calls = 0; export const handler = async ({ Records }) => {
        console.log(JSON.stringify({ Records })); calls += 1; if (calls < 3) throw new Error('down'); };`,
    );
    await send(world, 'poison');
    await world.cloud.advance(120_000);
    expect(await count(world, 'WorkDeadLetters')).toEqual([1, 0]);
    const SourceArn = 'arn:aws:sqs:us-east-1:000000000000:WorkDeadLetters';
    await world.queues.send(new StartMessageMoveTaskCommand({ SourceArn }));
    await world.cloud.settled();
    const [[first], , [last]] = received(world);
    expect(last).toMatchObject({ body: 'poison', attributes: { ApproximateReceiveCount: '1' } });
    expect(last.messageId).not.toBe(first.messageId);
    const waited = Number(last.attributes.SentTimestamp) - Number(first.attributes.SentTimestamp);
    expect(waited).toBeGreaterThanOrEqual(120_000);
    expect(await count(world, 'WorkDeadLetters')).toEqual([0, 0]);
  });

  it('gets its own dead letters back from a dead-letter queue that it shares', async () => {
    const redrive = { deadLetterTargetArn: getAtt('WorkDeadLetters', 'Arn'), maxReceiveCount: 1 };
    const world = await worker(failing, {
      Other: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: 'Other', VisibilityTimeout: 60, RedrivePolicy: redrive },
      },
      OtherDelivery: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: getAtt('Other', 'Arn'),
          FunctionName: ref('Worker'),
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
    });
    await send(world, 'of Work');
    const { QueueUrl } = await world.queues.send(new GetQueueUrlCommand({ QueueName: 'Other' }));
    await world.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'of Other' }));
    await world.cloud.advance(120_000);
    expect(await count(world, 'WorkDeadLetters')).toEqual([2, 0]);
    const SourceArn = 'arn:aws:sqs:us-east-1:000000000000:WorkDeadLetters';
    await world.queues.send(new StartMessageMoveTaskCommand({ SourceArn }));
    await world.cloud.settled();
    expect(await count(world, 'Work')).toEqual([0, 1]);
    expect(await count(world, 'Other')).toEqual([0, 1]);
  });

  it('cannot be redriven if it is not a dead-letter queue', async () => {
    const world = await worker(logging);
    const SourceArn = 'arn:aws:sqs:us-east-1:000000000000:Work';
    await expect(world.queues.send(new StartMessageMoveTaskCommand({ SourceArn }))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: 'Source queue must be configured as a Dead Letter Queue.',
    });
  });

  it('is listed', async () => {
    const { queues, cloud } = await worker(logging);
    const { QueueUrls } = await queues.send(new ListQueuesCommand({}));
    expect(QueueUrls).toEqual(['Work', 'WorkDeadLetters'].map((name) => `${cloud.url}/000000000000/${name}`));
  });
});

describe('processedMessages', () => {
  const batch = ['a', 'b'].map((id) => ({
    id,
    body: '',
    attributes: {},
    sentAt: 0,
    visibleAt: 0,
    receiveCount: 1,
  }));
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
  ])('returns, for the answer %s, %j', (payload, done) => {
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

const resultsArn = 'arn:aws:sns:us-east-1:000000000000:results';

describe('a topic', () => {
  it('passes a published message unchanged to its queue', async () => {
    const world = await worker(logging, subscription());
    const { Topics } = await world.topics.send(new ListTopicsCommand({}));
    await world.topics.send(new PublishCommand({ TopicArn: Topics?.[0]?.TopicArn, Message: '{"é":"<&>"}' }));
    await world.cloud.settled();
    expect(received(world)[0][0].body).toBe('{"é":"<&>"}');
  });

  it('passes a message on that a state publishes', async () => {
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

  it('answers a state with its HTTP data', async () => {
    const publish = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Parameters: { TopicArn: '${Topic}', Message: 'x' },
      End: true,
    };
    const report = machine({ Report: publish }, { substitutions: { Topic: ref('Topic') } });
    const world = await worker(logging, { ...subscription(), ...report });
    const { output } = await ending(world, await run(world));
    expect(Object.keys(output)).toEqual(['MessageId', 'SdkHttpMetadata', 'SdkResponseMetadata']);
    expect(output.SdkHttpMetadata).toMatchObject({
      HttpHeaders: { 'Content-Length': '294', 'Content-Type': 'text/xml' },
      HttpStatusCode: 200,
    });
  });

  it('that does not exist is reported as such', async () => {
    const { topics } = await worker(logging, subscription());
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:other';
    await expect(topics.send(new PublishCommand({ TopicArn, Message: 'x' }))).rejects.toMatchObject({
      name: 'NotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it.each([
    ['TopicArn Reason: An ARN must have at least 6 elements, not 1', 'randomstring', 'x'],
    ['TopicArn Reason: An ARN must have at least 6 elements, not 3', 'arn:aws:sns', 'x'],
    ['Empty message', resultsArn, ''],
    ['Message too long', resultsArn, 'x'.repeat(262_145)],
  ])('refuses an invalid parameter: %s', async (reason, TopicArn, Message) => {
    const { topics } = await worker(logging, subscription());
    await expect(topics.send(new PublishCommand({ TopicArn, Message }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: `Invalid parameter: ${reason}`,
    });
  });
});

it('a rule forwards the status changes that match its pattern', async () => {
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
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      input: '{"a":1}',
      inputDetails: { included: true },
      output: null,
      outputDetails: null,
      error: 'Nope',
      cause: 'because',
    },
  });
});

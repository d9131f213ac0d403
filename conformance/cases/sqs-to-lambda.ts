// SQS and Lambda: how a queue delivers to a function, counts receives, and redrives dead letters.
import { StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws.ts';
import { type QueueRecord, received, receivedYet, refusal, send } from '../calls.ts';
import { assumed, page, snapshot, type Case } from '../case.ts';

const mapping = snapshot('lambda_/event_source_mapping/test_lambda_integration_sqs');
const moveTask = snapshot('sqs/test_sqs_move_task');
const batchFailures = page('lambda/latest/dg/services-sqs-errorhandling.html');

const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
const move = (aws: Aws, SourceArn: string) => aws.queues.send(new StartMessageMoveTaskCommand({ SourceArn }));

/**
 * Redrives the dead letters until the message with this marker is received again. A message becomes a dead letter only
 * when a poller receives it once more, and SQS counts dead letters with a delay.
 */
async function redriven(aws: Aws, marker: string): Promise<QueueRecord> {
  for (let moves = 0; moves < 24; moves += 1) {
    await aws.wait(5);
    const record = await receivedYet(aws, marker, 3);
    if (record) return record;
    // Refused while the move before it still runs.
    await refusal(move(aws, aws.name('DeadLettersArn')));
  }
  throw new Error(`the message ${marker} did not come back from the dead-letter queue`);
}

/** The seconds between two receives, rounded. */
const secondsBetween = (one: number, other: number) => Math.round((other - one) / 1000);

export const sqsToLambdaCases: readonly Case[] = [
  {
    name: 'a record has the members of a message, with its attributes and their MD5',
    source: mapping,
    async calls(aws) {
      const MessageAttributes = {
        Title: attribute('The Whistler'),
        Author: attribute('John Grisham'),
        WeeksOn: { DataType: 'Number', StringValue: '6' },
      };
      const marker = await send(aws, {}, { MessageAttributes });
      const record = await received(aws, marker);
      const {
        attributes,
        messageAttributes,
        eventSourceARN,
        messageId,
        receiptHandle,
        body,
        md5OfBody,
        ...rest
      } = record;
      const { AWSTraceHeader: _, ...others } = attributes;
      return {
        ...rest,
        members: Object.keys(others).toSorted(),
        receives: attributes['ApproximateReceiveCount'],
        messageAttributes,
        isFromQueue: eventSourceARN === aws.name('QueueArn'),
        isText: [messageId, receiptHandle, body, md5OfBody].every((one) => typeof one === 'string'),
        awsRegion: undefined,
      };
    },
    answer: {
      eventSource: 'aws:sqs',
      md5OfMessageAttributes: 'd25a6aea97eb8f585bfa92d314504a92',
      members: ['ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp'],
      receives: '1',
      messageAttributes: {
        Author: {
          stringValue: 'John Grisham',
          stringListValues: [],
          binaryListValues: [],
          dataType: 'String',
        },
        Title: {
          stringValue: 'The Whistler',
          stringListValues: [],
          binaryListValues: [],
          dataType: 'String',
        },
        WeeksOn: { stringValue: '6', stringListValues: [], binaryListValues: [], dataType: 'Number' },
      },
      isFromQueue: true,
      isText: true,
    },
  },
  {
    name: 'a failed record is delivered again after the visibility timeout, and its receives are counted',
    source: page('AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html'),
    async calls(aws) {
      const marker = await send(aws, { failures: 1 });
      const { attributes: first } = await received(aws, marker);
      const firstAt = Number(first['ApproximateFirstReceiveTimestamp']);
      const { attributes: second, messageId } = await received(aws, marker, 2);
      return {
        counts: [first['ApproximateReceiveCount'], second['ApproximateReceiveCount']],
        isSame: second['ApproximateFirstReceiveTimestamp'] === String(firstAt),
        isAfterTimeout: secondsBetween(firstAt, aws.now()) >= 5,
        hasId: messageId.length > 0,
      };
    },
    answer: { counts: ['1', '2'], isSame: true, isAfterTimeout: true, hasId: true },
  },
  {
    name: 'a function that throws returns its whole batch to the queue',
    source: mapping,
    async calls(aws) {
      const marker = await send(aws, { throws: 1 });
      const { attributes } = await received(aws, marker, 2);
      return attributes['ApproximateReceiveCount'];
    },
    answer: '2',
  },
  {
    name: 'an answer without batchItemFailures, or null, means that every record succeeded',
    source: mapping,
    async calls(aws) {
      const markers = [await send(aws, { answer: {} }), await send(aws, { answer: null })];
      for (const marker of markers) await received(aws, marker);
      await aws.wait(14);
      const again = await Promise.all(markers.map((marker) => receivedYet(aws, marker, 2)));
      return again.map((record) => record !== undefined);
    },
    answer: [false, false],
  },
  {
    name: 'an answer with a misnamed or unknown identifier returns the whole batch to the queue',
    source: mapping,
    async calls(aws) {
      const answers = [[{ foo: 'notvalid' }], [{ itemIdentifier: 'unknown' }], [{ itemIdentifier: '' }]];
      const receives = [];
      for (const batchItemFailures of answers) {
        const marker = await send(aws, { answer: { batchItemFailures } });
        receives.push((await received(aws, marker, 2)).attributes['ApproximateReceiveCount']);
      }
      return receives;
    },
    answer: ['2', '2', '2'],
  },
  {
    name: 'of a batch, only the records that are named return to the queue',
    source: batchFailures,
    async calls(aws) {
      const [failing, fine] = [await send(aws, { failures: 1 }), await send(aws)];
      await received(aws, failing, 2);
      return (await receivedYet(aws, fine, 2)) !== undefined;
    },
    answer: false,
  },
  {
    name: 'a message that a function sends carries the AWSTraceHeader of its invocation',
    source: page('lambda/latest/dg/invocation-recursion.html'),
    async calls(aws) {
      const sent = aws.unique('forwarded');
      await send(aws, { forwards: JSON.stringify({ marker: sent }) });
      const { attributes } = await received(aws, sent);
      return /Root=1-[0-9a-f]{8}-[0-9a-f]{24}.*Lineage=/.test(attributes['AWSTraceHeader'] ?? '');
    },
    answer: true,
  },
  {
    name: 'after maxReceiveCount receives a message goes to the dead-letter queue, and a redrive returns it to its source',
    source: moveTask,
    async calls(aws) {
      const markers = [
        await send(aws, { failures: 2 }),
        await send(aws, { failures: 2 }, { QueueUrl: aws.name('OtherUrl') }),
      ];
      const records = [];
      for (const marker of markers) records.push(await redriven(aws, marker));
      return {
        sources: records.map(({ eventSourceARN }) => eventSourceARN === aws.name('QueueArn')),
        receives: records.map(({ attributes }) => attributes['ApproximateReceiveCount']),
      };
    },
    answer: { sources: [true, false], receives: ['1', '1'] },
  },
  {
    name: 'StartMessageMoveTask of a queue that is not a dead-letter queue is InvalidParameterValue',
    source: moveTask,
    calls: (aws) => refusal(move(aws, aws.name('QueueArn'))),
    answer: 'InvalidParameterValue',
  },
  {
    name: 'a message that was sent to the dead-letter queue itself is not redriven',
    source: assumed,
    async calls(aws) {
      const marker = await send(aws, {}, { QueueUrl: aws.name('DeadLettersUrl') });
      await aws.wait(5);
      await refusal(move(aws, aws.name('DeadLettersArn')));
      await aws.wait(10);
      return (await receivedYet(aws, marker)) === undefined;
    },
    answer: true,
  },
];

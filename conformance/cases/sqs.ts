// SQS: what it refuses, and delays.
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws.ts';
import { received, receivedYet, refusal, send } from '../calls.ts';
import { page, snapshot, type Case } from '../case.ts';

const recorded = snapshot('sqs/test_sqs');
const sendMessage = page('AWSSimpleQueueService/latest/APIReference/API_SendMessage.html');

const MAX_BYTES = 1_048_576;

const sendText = (aws: Aws, MessageBody: string, more: object = {}) =>
  aws.queues.send(new SendMessageCommand({ QueueUrl: aws.name('QueueUrl'), MessageBody, ...more }));
const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });

export const sqsCases: readonly Case[] = [
  {
    name: 'an empty message is MissingParameter',
    source: recorded,
    calls: (aws) => refusal(sendText(aws, '')),
    answer: 'MissingParameter',
  },
  {
    name: 'a message of more than 1,048,576 bytes is InvalidParameterValue, and its attributes count',
    source: recorded,
    calls: async (aws) => [
      await refusal(sendText(aws, 'a'.repeat(MAX_BYTES + 1))),
      await refusal(sendText(aws, 'a'.repeat(MAX_BYTES - 5), { MessageAttributes: { k: attribute('x') } })),
    ],
    answer: ['InvalidParameterValue', 'InvalidParameterValue'],
  },
  {
    name: 'a message of 1,048,576 bytes is accepted',
    source: page('AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html'),
    calls: (aws) =>
      refusal(
        // The queue has no function, and its messages are removed with the stack.
        aws.queues.send(
          new SendMessageCommand({ QueueUrl: aws.name('UnreadUrl'), MessageBody: 'a'.repeat(MAX_BYTES) }),
        ),
      ),
    answer: 'accepted',
  },
  {
    name: 'a delay of -1 or 901 seconds is InvalidParameterValue',
    source: sendMessage,
    calls: async (aws) => [
      await refusal(sendText(aws, 'x', { DelaySeconds: -1 })),
      await refusal(sendText(aws, 'x', { DelaySeconds: 901 })),
    ],
    answer: ['InvalidParameterValue', 'InvalidParameterValue'],
  },
  {
    name: 'a queue that does not exist is QueueDoesNotExist',
    source: recorded,
    async calls(aws) {
      const QueueUrl = `${aws.name('QueueUrl')}nope`;
      const code = await refusal(aws.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })));
      // The code of SQS's query protocol, and the name in its JSON protocol.
      return ['AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist'].includes(code);
    },
    answer: true,
  },
  {
    name: 'SendMessage answers with the MD5 of the body, and of the attributes if there are any',
    source: recorded,
    async calls(aws) {
      const { MD5OfMessageBody, MD5OfMessageAttributes } = await sendText(aws, 'x');
      const attributes = { MessageAttributes: { k: attribute('v') } };
      const also = await sendText(aws, 'x', attributes);
      return [MD5OfMessageBody, MD5OfMessageAttributes, typeof also.MD5OfMessageAttributes];
    },
    answer: ['9dd4e461268c8034f5c8564e155c67a6', undefined, 'string'],
  },
  {
    name: 'a delayed message is not delivered before its delay is over',
    source: sendMessage,
    async calls(aws) {
      const sentAt = aws.now();
      const marker = await send(aws, {}, { DelaySeconds: 3 });
      await aws.wait(1.5);
      const tooEarly = await receivedYet(aws, marker);
      await received(aws, marker);
      return { tooEarly: tooEarly !== undefined, isAfter: aws.now() - sentAt >= 3_000 };
    },
    answer: { tooEarly: false, isAfter: true },
  },
  {
    name: 'the longest delay is 15 minutes',
    source: sendMessage,
    localTimeOnly: true,
    async calls(aws) {
      const marker = await send(aws, {}, { DelaySeconds: 900 });
      await aws.wait(895);
      const before = await receivedYet(aws, marker);
      await aws.wait(10);
      return [before !== undefined, (await receivedYet(aws, marker)) !== undefined];
    },
    answer: [false, true],
  },
];

// The operations of the SQS API that are supported. The gateway calls them.
import { AwsError } from './aws-error.ts';
import type { Clock } from '../clock.ts';
import { numberAt, optionalText, textAt, textsAt, type JsonObject } from './json.ts';
import { accept, page, type Operations } from './operations.ts';
import { md5, type Queues } from './queues.ts';
import type { QueueModel } from './readers.ts';

export function queueOperations(queues: Queues, clock: Clock): Operations {
  function asked(input: JsonObject): QueueModel {
    const queue = queues.find(textAt(input, 'QueueUrl'));
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  return {
    ListQueues(input) {
      accept(input, ['QueueNamePrefix', 'MaxResults', 'NextToken']);
      const prefix = optionalText(input, 'QueueNamePrefix') ?? '';
      const found = queues.all().filter(({ name }) => name.startsWith(prefix));
      const { items, next } = page(
        found,
        numberAt(input, 'MaxResults', 1000),
        optionalText(input, 'NextToken'),
      );
      return { QueueUrls: items.map(({ url }) => url), ...(next && { NextToken: next }) };
    },
    GetQueueUrl(input) {
      accept(input, ['QueueName']);
      const queue = queues.all().find(({ name }) => name === textAt(input, 'QueueName'));
      if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      return { QueueUrl: queue.url };
    },
    GetQueueAttributes(input) {
      accept(input, ['QueueUrl', 'AttributeNames']);
      const names = textsAt(input, 'AttributeNames');
      const all = Object.entries(attributesOf(asked(input)));
      return {
        Attributes: Object.fromEntries(all.filter(([name]) => names.includes('All') || names.includes(name))),
      };
    },
    SendMessage(input) {
      accept(input, ['QueueUrl', 'MessageBody', 'DelaySeconds']);
      const queue = asked(input);
      const body = textAt(input, 'MessageBody');
      try {
        const { id } = queues.send(queue, body, numberAt(input, 'DelaySeconds', queue.delaySeconds));
        return { MessageId: id, MD5OfMessageBody: md5(body) };
      } catch (error) {
        if (error instanceof RangeError) throw new AwsError('InvalidParameterValue', error.message);
        throw error;
      }
    },
  };

  function attributesOf(queue: QueueModel): Readonly<Record<string, string>> {
    const messages = queues.messages(queue);
    const visible = messages.filter(({ visibleAt }) => visibleAt <= clock.now()).length;
    const delayed = messages.filter(
      ({ visibleAt, receiveCount }) => visibleAt > clock.now() && receiveCount === 0,
    ).length;
    const { redrive } = queue;
    return {
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      ApproximateNumberOfMessagesNotVisible: String(messages.length - visible - delayed),
      DelaySeconds: String(queue.delaySeconds),
      VisibilityTimeout: String(queue.visibilitySeconds),
      ...(redrive && {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: redrive.deadLetterArn,
          maxReceiveCount: redrive.maxReceiveCount,
        }),
      }),
    };
  }
}

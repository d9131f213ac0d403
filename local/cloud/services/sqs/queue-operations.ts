// The supported operations of the SQS API. The gateway calls them.
import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../../core/context.ts';
import { isList, numberAt, objectAt, textAt } from '../../core/json.ts';
import { accept, type Operations } from '../../core/operations.ts';
import { md5, md5OfAttributes, type Queues } from './queues.ts';
import type { QueueModel } from '../../template/resource-readers.ts';

export function queueOperations({ model, clock }: CloudContext, queues: Queues): Operations {
  function attributesOf(queue: QueueModel): Readonly<Record<string, string>> {
    const messages = queues.messages(queue);
    const hidden = messages.filter(({ visibleAt }) => visibleAt > clock.now());
    const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
    return {
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: String(messages.length - hidden.length),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      ApproximateNumberOfMessagesNotVisible: String(hidden.length - delayed),
      VisibilityTimeout: String(queue.visibilitySeconds),
      ...(queue.redrive && { RedrivePolicy: JSON.stringify(queue.redrive) }),
    };
  }

  return {
    ListQueues(input) {
      accept(input, []);
      return { QueueUrls: model.queues.map(({ url }) => url) };
    },
    GetQueueUrl(input) {
      accept(input, ['QueueName']);
      return { QueueUrl: queues.named(textAt(input, 'QueueName')).url };
    },
    GetQueueAttributes(input) {
      accept(input, ['QueueUrl', 'AttributeNames']);
      const names = isList(input['AttributeNames']) ? input['AttributeNames'] : [];
      const all = Object.entries(attributesOf(queues.named(textAt(input, 'QueueUrl'))));
      const asked = all.filter(([name]) => names.includes('All') || names.includes(name));
      return { Attributes: Object.fromEntries(asked) };
    },
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
    StartMessageMoveTask(input) {
      accept(input, ['SourceArn']);
      queues.redrive(textAt(input, 'SourceArn'));
      return { TaskHandle: randomUUID() };
    },
    SendMessage(input, traceHeader) {
      accept(input, ['QueueUrl', 'MessageBody', 'DelaySeconds', 'MessageAttributes']);
      const body = textAt(input, 'MessageBody');
      const delaySeconds = numberAt(input, 'DelaySeconds', 0);
      const attributes = objectAt(input, 'MessageAttributes');
      const MessageId = queues.send(textAt(input, 'QueueUrl'), body, {
        delaySeconds,
        attributes,
        traceHeader,
      });
      const hasAttributes = Object.keys(attributes).length > 0;
      return {
        MessageId,
        MD5OfMessageBody: md5(body),
        MD5OfMessageAttributes: hasAttributes ? md5OfAttributes(attributes) : undefined,
      };
    },
  };
}

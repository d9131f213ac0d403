// SNS: a topic passes each published message unchanged to the queues that are subscribed to it. Called by the task
// `sns:publish` and by the API.
import { randomUUID } from 'node:crypto';
import { createDelivery } from '../sqs/deliver-to-queue.ts';
import type { CloudContext } from '../../core/context.ts';
import { bytes, textAt } from '../../core/json.ts';
import { accept, AwsError, type Operations } from '../../core/operations.ts';
import type { Queues } from '../sqs/queues.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MAX_MESSAGE_BYTES = 262_144;

export interface Topics {
  /** Returns the message's id. Throws the AWS error if there is no such topic, or for an empty or too long message. */
  publish(topicArn: string, message: string, traceHeader?: string): string;
  readonly operations: Operations;
}

export function createTopics(context: CloudContext, queues: Queues): Topics {
  const { model, log } = context;
  const deliver = createDelivery('sns', context, queues);

  function publish(topicArn: string, message: string, traceHeader?: string): string {
    const topic = model.topics.find(({ arn }) => arn === topicArn);
    const elements = topicArn.split(':').length;
    if (elements < 6) throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${elements}`);
    if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
    if (message === '') throw invalid('Empty message');
    if (bytes(message) > MAX_MESSAGE_BYTES) throw invalid('Message too long');
    const id = randomUUID();
    log({ source: 'sns', event: 'message_published', topic: topic.name, message: id });
    for (const { queueArn } of model.subscriptions.filter((one) => one.topicArn === topicArn))
      deliver(topicArn, queueArn, message, traceHeader);
    return id;
  }

  return {
    publish,
    operations: {
      ListTopics(input) {
        accept(input, []);
        return { Topics: model.topics.map(({ arn }) => ({ TopicArn: arn })) };
      },
      Publish(input, traceHeader) {
        accept(input, ['TopicArn', 'Message']);
        return { MessageId: publish(textAt(input, 'TopicArn'), textAt(input, 'Message'), traceHeader) };
      },
    },
  };
}

function invalid(reason: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);
}

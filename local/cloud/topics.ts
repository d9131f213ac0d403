// SNS: a topic passes each published message to the queues subscribed to it. The interpreter's `sns:publish` and the
// API publish.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import { bytes, optionalText, textAt } from './json.ts';
import type { Log } from './log.ts';
import { accept, page, type Operations } from './operations.ts';
import type { Queues } from './queues.ts';
import type { SubscriptionModel, TopicModel } from './readers.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MAX_MESSAGE_BYTES = 262_144;

export interface Topics {
  /** Answers the message's id. Throws the AWS error if there is no such topic or the message is too long. */
  publish(topicArn: string, message: string, subject?: string): string;
  all(): readonly TopicModel[];
}

interface TopicsOptions {
  readonly models: readonly TopicModel[];
  readonly subscriptions: readonly SubscriptionModel[];
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: Log;
}

export function createTopics({ models, subscriptions, queues, clock, log }: TopicsOptions): Topics {
  return {
    all: () => models,
    publish(topicArn, message, subject) {
      const topic = models.find(({ arn }) => arn === topicArn);
      if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
      if (message === '' || bytes(message) > MAX_MESSAGE_BYTES) {
        throw new AwsError(
          'InvalidParameter',
          `Invalid parameter: Message too long or empty, at most ${MAX_MESSAGE_BYTES} bytes`,
        );
      }
      const MessageId = randomUUID();
      log({ source: 'sns', event: 'message_published', topic: topic.name, message: MessageId });
      const envelope = {
        Type: 'Notification',
        MessageId,
        TopicArn: topicArn,
        ...(subject && { Subject: subject }),
        Message: message,
        Timestamp: new Date(clock.now()).toISOString(),
      };
      for (const { queueArn, raw } of subscriptions.filter((one) => one.topicArn === topicArn)) {
        const queue = queues.find(queueArn);
        if (queue) queues.send(queue, raw ? message : JSON.stringify(envelope));
      }
      return MessageId;
    },
  };
}

export function topicOperations(topics: Topics): Operations {
  return {
    ListTopics(input) {
      accept(input, ['NextToken']);
      const { items, next } = page(topics.all(), 100, optionalText(input, 'NextToken'));
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...(next && { NextToken: next }) };
    },
    Publish(input) {
      accept(input, ['TopicArn', 'Message', 'Subject']);
      return {
        MessageId: topics.publish(
          textAt(input, 'TopicArn'),
          textAt(input, 'Message'),
          optionalText(input, 'Subject'),
        ),
      };
    },
  };
}

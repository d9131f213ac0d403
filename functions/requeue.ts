// Sends a message to the end of its queue with a delay. `retry-message.ts` calls it. The receive count of a requeued
// message starts at zero, so rate limits and outages do not move the message to the dead-letter queue.
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { environment } from '../aws/environment.ts';
import { attributesOf, type QueueMessage } from './queue-message.ts';

export type Requeue = (message: QueueMessage, delaySeconds: number) => Promise<void>;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const MAX_DELAY_SECONDS = 900;

/** Requeues to the queue whose URL is in `QUEUE_URL`. */
export function requeueToSqs(): Requeue {
  const sqs = new SQSClient();
  const QueueUrl = environment('QUEUE_URL');
  return async (message, delaySeconds) => {
    const attributes = Object.entries(attributesOf(message)).map(
      ([name, value]) => [name, { DataType: 'Number', StringValue: String(value) }] as const,
    );
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: message.body,
        DelaySeconds: Math.max(0, Math.min(Math.ceil(delaySeconds), MAX_DELAY_SECONDS)),
        MessageAttributes: Object.fromEntries(attributes),
      }),
    );
  };
}

// What Slack does not take for mere rate goes to the end of its queue and is delivered again when Slack has said: a queue
// counts its tries, and this is none, so that a burst never ends in the dead letters. The functions that post wrap
// their work in it. Put back twice it is done once: the work stands that.
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Log } from '../aws/log.ts';
import { retryAfter } from '../bot/slack-refusal.ts';
import { environment } from '../aws/environment.ts';

/** Sends a body to the queue it came from, to be delivered after so many seconds. */
export type PutBack = (body: unknown, seconds: number) => Promise<void>;

export function withinRate(work: (body: unknown) => Promise<void>, putBack: PutBack, log: Log) {
  return async (body: unknown): Promise<void> => {
    try {
      await work(body);
    } catch (error) {
      const seconds = retryAfter(error);
      if (seconds === undefined) throw error;
      await putBack(body, seconds);
      log('put_back_for_rate', { seconds });
    }
  };
}

/** Most seconds a message can be delayed: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const LONGEST_DELAY = 900;

/** As the deployed functions do it. */
export function putBackIntoQueue(): PutBack {
  const sqs = new SQSClient();
  const QueueUrl = environment('QUEUE_URL');
  return async (body, seconds) => {
    const DelaySeconds = Math.min(Math.ceil(seconds), LONGEST_DELAY);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body), DelaySeconds }));
  };
}

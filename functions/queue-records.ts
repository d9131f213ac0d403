// A batch of queue records, each by itself: what fails goes back to the queue alone, its neighbours are done. Every
// function behind a queue wraps its work in it.
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Log } from '../aws/log.ts';
import { failureFields } from '../bot/slack-refusal.ts';

/** What is read of an SQSEvent. */
interface QueueRecords {
  readonly Records: readonly Pick<SQSRecord, 'messageId' | 'body'>[];
}

/** Oldest first, one after the other: Slack takes about one message a second in a channel. */
export function eachRecord(work: (body: unknown) => Promise<void>, log: Log) {
  return async ({ Records }: QueueRecords): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const { messageId, body } of Records) {
      try {
        await work(JSON.parse(body));
      } catch (error) {
        log('record_failed', { messageId, ...failureFields(error) });
        failed.push(messageId);
      }
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

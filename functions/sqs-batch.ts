// A batch of queue records, each by itself: what fails goes back to the queue alone, its neighbours are done. Every
// function behind a queue wraps its work in it.
import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Log } from '../aws/log.ts';
import { failureFields } from '../slack/slack-errors.ts';

/** What is read of an SQSEvent. */
interface QueueRecords {
  readonly Records: readonly Pick<SQSRecord, 'messageId' | 'body' | 'attributes' | 'messageAttributes'>[];
}

/** A message as it lies in the queue. */
export interface QueueRecord {
  readonly body: string;
  /** When it was sent first, in milliseconds since the epoch, however often it was put back since. */
  readonly firstSentAt: number;
  /** When its turn is in which lane, in milliseconds since the epoch, once it has taken one. */
  readonly turns: Readonly<Record<string, number>>;
}

/** What is done about one message: its body, parsed. */
export type Work = (body: unknown, record: QueueRecord) => Promise<void>;

/** What is kept of a message when it is put back, as SQS has it, and what is read of one. */
export const attribute = { firstSentAt: 'firstSentAt', turn: 'turn-' } as const;

/** Milliseconds that one record may take: four calls of a Slack that hangs. */
const LONGEST_RECORD = 13_000;

/** Oldest first, one after the other: Slack takes about one message a second in a channel. */
export function eachRecord(work: Work, log: Log) {
  return async (
    { Records }: QueueRecords,
    context?: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const { messageId, body, attributes, messageAttributes } of Records) {
      // Begun, and not ended in time, it would be delivered again with all that it has put back.
      if (context && context.getRemainingTimeInMillis() < LONGEST_RECORD) {
        failed.push(messageId);
        continue;
      }
      const { stringValue } = messageAttributes[attribute.firstSentAt] ?? {};
      const firstSentAt = Number(stringValue ?? attributes.SentTimestamp);
      try {
        await work(JSON.parse(body), { body, firstSentAt, turns: turnsIn(messageAttributes) });
      } catch (error) {
        log('record_failed', { messageId, ...failureFields(error) });
        failed.push(messageId);
      }
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

function turnsIn(attributes: SQSRecord['messageAttributes']): QueueRecord['turns'] {
  const turns = Object.entries(attributes).filter(([name]) => name.startsWith(attribute.turn));
  return Object.fromEntries(
    turns.map(([name, { stringValue }]) => [name.slice(attribute.turn.length), Number(stringValue)]),
  );
}

// What cannot be done for now, and would be later by itself, goes to the end of its queue and comes back then: Slack wants
// no more for the moment, or Slack or AWS is away. A queue counts its tries, and this is none, so that neither a burst nor
// an outage ends in the dead letters. Put back twice it is done once: the work stands that.
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Log } from '../aws/log.ts';
import { failureFields, isOutage, retryAfter } from '../slack/slack-errors.ts';
import { environment } from '../aws/environment.ts';
import { attribute, type QueueRecord, type Work } from './sqs-batch.ts';

/** Sends a record's body to the queue it came from, to be delivered after so many seconds. */
export type PutBack = (record: QueueRecord, seconds: number) => Promise<void>;

export interface PutBackDependencies {
  readonly putBack: PutBack;
  readonly now: () => Date;
  readonly log: Log;
}

/** Seconds between two tries while somebody is away. */
const OUTAGE_PAUSE = 60;

/** Longer than an outage that needs no human, in milliseconds: from then on tries count, and an alarm follows. */
const LONGEST = 12 * 60 * 60_000;

export function orPutBack(work: Work, { putBack, now, log }: PutBackDependencies): Work {
  return async (body, record) => {
    try {
      await work(body, record);
    } catch (error) {
      const seconds = secondsToWait(error);
      if (seconds === undefined || now().getTime() - record.firstSentAt > LONGEST) throw error;
      // Its turns are over by then.
      await putBack({ ...record, turns: {} }, seconds);
      log('put_back', { seconds, ...failureFields(error) });
    }
  };
}

/** Undefined: waiting alone helps nothing. */
export function secondsToWait(error: unknown): number | undefined {
  const rate = retryAfter(error);
  if (rate !== undefined) return rate;
  return isBusy(error) || isOutage(error) || (isOfTheSdk(error) && passes(error)) ? OUTAGE_PAUSE : undefined;
}

/** Somebody else is at it, or died while they were: in a minute that is known. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && ['BeingPosted', 'BeingTold', 'PerhapsRedriven'].includes(error.name);
}

/** As the SDK sees its errors; it has tried three times by then. */
function passes(error: SdkError): boolean {
  return isThrottlingError(error) || isTransientError(error) || isServerError(error);
}

type SdkError = Parameters<typeof isServerError>[0];

function isOfTheSdk(error: unknown): error is SdkError {
  return error instanceof Error && '$metadata' in error;
}

/** Most seconds a message can be delayed: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const LONGEST_DELAY = 900;

/** As the deployed functions do it. */
export function putBackIntoQueue(): PutBack {
  const sqs = new SQSClient();
  const QueueUrl = environment('QUEUE_URL');
  return async ({ body, firstSentAt, turns }, seconds) => {
    const kept = {
      [attribute.firstSentAt]: firstSentAt,
      ...Object.fromEntries(Object.entries(turns).map(([lane, at]) => [`${attribute.turn}${lane}`, at])),
    };
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: body,
        DelaySeconds: Math.max(0, Math.min(Math.ceil(seconds), LONGEST_DELAY)),
        MessageAttributes: Object.fromEntries(
          Object.entries(kept).map(([name, value]) => [
            name,
            { DataType: 'Number', StringValue: String(value) },
          ]),
        ),
      }),
    );
  };
}

// Finds the attempts of a waiting state in the history of its execution. request-approval calls it, because only the
// history proves what a state sent, and which task tokens belong to the same wait.
import { isDeepStrictEqual } from 'node:util';
import { type HistoryEvent, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';

/** The events of an attempt. A timeout is not among them: a state that is retried after it asks people again. */
const OF_ATTEMPT = /^Task(Scheduled|Started|StartFailed|Submitted|SubmitFailed|Failed)$/;

/** A message that a waiting state sends, as far as this file reads it. */
interface SentMessage {
  readonly TaskToken: string;
}

/**
 * Returns the task token of the first attempt of the state that sent this message. Each retry of a state has a new token.
 * Returns undefined if no state of the execution sent exactly this message.
 * @param message as the queue delivered it, parsed as JSON
 * @param retryCount how often the state had been retried when it sent the message
 */
export async function firstToken(
  client: SFNClient,
  executionArn: string,
  message: unknown,
  retryCount: number,
): Promise<string | undefined> {
  let first: string | undefined;
  let previous: number | undefined;
  let retries = 0;
  for await (const event of newestFirst(client, executionArn)) {
    const sent = messageIn(event);
    if (first === undefined) {
      if (!sent || !isDeepStrictEqual(sent, message)) continue;
      first = sent.TaskToken;
    } else {
      if (event.id !== previous) continue;
      if (!OF_ATTEMPT.test(event.type ?? '')) break;
      if (sent) {
        first = sent.TaskToken;
        retries += 1;
      }
    }
    if (retries === retryCount) break;
    previous = event.previousEventId;
  }
  return first;
}

async function* newestFirst(client: SFNClient, executionArn: string): AsyncIterable<HistoryEvent> {
  const request = { executionArn, reverseOrder: true, maxResults: 100 };
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, request)) yield* events;
}

/** The message that a waiting state sent. Undefined for all other events. */
function messageIn({ taskScheduledEventDetails }: HistoryEvent): SentMessage | undefined {
  const { MessageBody } = JSON.parse(taskScheduledEventDetails?.parameters ?? '{}');
  return typeof MessageBody?.TaskToken === 'string' ? MessageBody : undefined;
}

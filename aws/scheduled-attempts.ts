// Finds the attempts of a waiting state in the history of its execution. request-approval calls it, because only the
// history proves what a state sent, and which task tokens belong to the same wait.
import { isDeepStrictEqual } from 'node:util';
import { type HistoryEvent, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';

/** The events of an attempt, without its timeout: a state that is retried after a timeout asks people again. */
const OF_ATTEMPT = /^Task(Scheduled|Started|StartFailed|Submitted|SubmitFailed|Failed)$/;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html */
const MAX_RESULTS = 1_000;

/** A message that a waiting state sends, as far as this file reads it. */
interface SentMessage {
  readonly TaskToken: string;
}

/**
 * Returns the task token of the first attempt of the state that sent this message. Each retry has a new token.
 * Returns undefined if no state of the execution sent exactly this message.
 * @param message as the queue delivered it, parsed as JSON
 */
export async function firstToken(
  client: SFNClient,
  executionArn: string,
  message: unknown,
): Promise<string | undefined> {
  // Id of an event → task token of the first attempt of its state.
  const tokens = new Map<number | undefined, string>();
  const pages = paginateGetExecutionHistory({ client }, { executionArn, maxResults: MAX_RESULTS });
  for await (const { events = [] } of pages)
    for (const event of events.filter(({ type }) => OF_ATTEMPT.test(type ?? ''))) {
      const sent = messageIn(event);
      const first = tokens.get(event.previousEventId) ?? sent?.TaskToken;
      if (first === undefined) continue;
      if (isDeepStrictEqual(sent, message)) return first;
      tokens.set(event.id, first);
    }
  return undefined;
}

/** The message that a waiting state sent. Undefined for all other events. */
function messageIn({ taskScheduledEventDetails }: HistoryEvent): SentMessage | undefined {
  const { MessageBody } = JSON.parse(taskScheduledEventDetails?.parameters ?? '{}');
  return typeof MessageBody?.TaskToken === 'string' ? MessageBody : undefined;
}

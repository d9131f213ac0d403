// Finds the attempts of a waiting state in the history of its execution. request-approval calls it, because only the
// history proves which task tokens exist, and which of them belong to the same wait.
import { type HistoryEvent, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';

/** The events of an attempt. A timeout is not among them: a state that is retried after it asks people again. */
const OF_ATTEMPT = /^Task(Scheduled|Started|StartFailed|Submitted|SubmitFailed|Failed)$/;

/**
 * Returns the task token of the first attempt of the state that was scheduled with `taskToken`. Each retry of a state
 * has a new token. Returns undefined if no state of the execution was scheduled with `taskToken`.
 * @param retryCount how often the state had been retried when it was scheduled with `taskToken`
 */
export async function firstToken(
  client: SFNClient,
  executionArn: string,
  taskToken: string,
  retryCount: number,
): Promise<string | undefined> {
  let first: string | undefined;
  let previous: number | undefined;
  let retries = 0;
  for await (const event of newestFirst(client, executionArn)) {
    if (first === undefined) {
      if (!containsText(parametersOf(event), taskToken)) continue;
      first = taskToken;
    } else {
      if (event.id !== previous) continue;
      if (!OF_ATTEMPT.test(event.type ?? '')) break;
      const { MessageBody } = parametersOf(event);
      if (MessageBody?.TaskToken !== undefined) {
        first = String(MessageBody.TaskToken);
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

function parametersOf({ taskScheduledEventDetails }: HistoryEvent) {
  return JSON.parse(taskScheduledEventDetails?.parameters ?? '{}');
}

function containsText(value: unknown, text: string): boolean {
  if (typeof value !== 'object' || value === null) return value === text;
  return Object.values(value).some((one) => containsText(one, text));
}

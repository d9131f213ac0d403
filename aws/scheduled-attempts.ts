// Finds the attempts of a waiting state in the history of its execution. request-approval calls it, because only the
// history proves what a state sent, and which task tokens belong to the same wait.
import { isDeepStrictEqual } from 'node:util';
import { type HistoryEvent, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';

/** The events of an attempt, without its timeout: a state that is retried after a timeout asks people again. */
const OF_ATTEMPT = /^Task(Scheduled|Started|StartFailed|Submitted|SubmitFailed|Failed)$/;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html */
const MAX_RESULTS = 1_000;

/** The first attempt of a wait. */
export interface FirstAttempt {
  readonly taskToken: string;
  /** When a state that had timed out began to wait again, ISO 8601. `EnteredTime` still says when it waited first. */
  readonly waitsAgainSince: string | undefined;
}

/** A message that a waiting state sends, as far as this file reads it. */
interface SentMessage {
  readonly TaskToken: string;
}

/**
 * Returns the first attempt of the state that sent this message. Each retry of a state has a new token.
 * Returns `superseded` if the execution was redriven since, and undefined if no state of it sent exactly this message.
 * @param message as the queue delivered it, parsed as JSON
 */
export async function firstAttempt(
  client: SFNClient,
  executionArn: string,
  message: unknown,
): Promise<FirstAttempt | 'superseded' | undefined> {
  // Id of an event → first attempt of its state.
  const attempts = new Map<number | undefined, FirstAttempt>();
  const timeouts = new Set<number | undefined>();
  let found: FirstAttempt | 'superseded' | undefined;
  const pages = paginateGetExecutionHistory({ client }, { executionArn, maxResults: MAX_RESULTS });
  for await (const { events = [] } of pages)
    for (const event of events) {
      const { id, previousEventId, type = '' } = event;
      if (type === 'TaskTimedOut') timeouts.add(id);
      // No token from before a redrive resumes the execution. Each state that still waits has sent another message.
      if (type === 'ExecutionRedriven' && found) found = 'superseded';
      if (!OF_ATTEMPT.test(type)) continue;
      const sent = messageIn(event);
      const first = attempts.get(previousEventId) ?? (sent && newWait(event, sent, timeouts));
      if (!first) continue;
      attempts.set(id, first);
      if (isDeepStrictEqual(sent, message)) found = first;
    }
  return found;
}

function newWait(
  { previousEventId, timestamp }: HistoryEvent,
  { TaskToken }: SentMessage,
  timeouts: ReadonlySet<number | undefined>,
): FirstAttempt {
  const waitsAgainSince = timeouts.has(previousEventId) ? timestamp?.toISOString() : undefined;
  return { taskToken: TaskToken, waitsAgainSince };
}

/** The message that a waiting state sent. Undefined for all other events. */
function messageIn({ taskScheduledEventDetails }: HistoryEvent): SentMessage | undefined {
  const { MessageBody } = JSON.parse(taskScheduledEventDetails?.parameters ?? '{}');
  return typeof MessageBody?.TaskToken === 'string' ? MessageBody : undefined;
}

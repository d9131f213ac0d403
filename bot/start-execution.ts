// Starts an execution for a person: checks that the person may take part and has not started too many, stores for whom
// the bot starts it, and starts it. The commands of workflows and the resubmit button call it. A second call with the
// same name starts no second execution.
import type { WebClient } from '@slack/web-api';
import { type Executions, executionArnOf } from '../aws/executions.ts';
import type { Log } from '../aws/log.ts';
import type { StartsTable } from '../aws/starts-table.ts';
import type { PreviousAnswer } from '../domain/approval.ts';
import { sortedJson } from '../domain/digest.ts';
import type { CheckPerson } from '../slack/check-person.ts';
import { nameTaken, startRefused, tooManyStarts } from '../slack/views/start-refused.ts';

export interface StartDependencies {
  readonly executions: Pick<Executions, 'start' | 'describe'>;
  readonly starts: Pick<StartsTable, 'record' | 'count'>;
  readonly checkPerson: CheckPerson;
  /** How many executions one person may start in an hour. */
  readonly maxRequestsPerHour: number;
  readonly now: () => Date;
  readonly log: Log;
}

export interface StartRequest {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: object;
  /** Slack user id of the person who starts it. */
  readonly by: string;
  /** For a resubmission: the requesters of the earlier requests, who typed the note, and how the earlier request ended. */
  readonly resubmits?: {
    readonly requesters: readonly string[];
    readonly noteBy: string | undefined;
    readonly previousAnswer: PreviousAnswer;
  };
}

/**
 * If the start is refused, returns the message for the person. Else returns the requester: `by`, or somebody who started
 * an execution of this name first.
 */
export async function startExecution(
  { stateMachineArn, name, input, by, resubmits }: StartRequest,
  slack: WebClient,
  { executions, starts, checkPerson, maxRequestsPerHour, now, log }: StartDependencies,
): Promise<{ readonly refused: string } | { readonly refused?: never; readonly requester: string }> {
  const ineligibility = await checkPerson(by, slack);
  if (ineligibility) return { refused: startRefused(ineligibility) };
  if (!(await starts.count(by, maxRequestsPerHour, now()))) {
    log('too_many_starts', { by });
    return { refused: tooManyStarts(maxRequestsPerHour) };
  }
  const { requesters = [], ...previous } = resubmits ?? {};
  const inputOf = (requestedBy: string) => ({ ...input, requestedBy });
  const executionArn = executionArnOf(stateMachineArn, name);
  const start = { requester: by, requesters: [by, ...requesters], ...previous, at: now().toISOString() };
  const requester = await starts.record(executionArn, start, inputOf(by));
  const started = await executions.start(stateMachineArn, name, inputOf(requester));
  // Step Functions answers the same if the execution was started before and has ended.
  if (started === 'exists' && !(await isStarted(executionArn, inputOf(requester), executions))) {
    log('execution_name_taken', { execution: name, by });
    return { refused: nameTaken };
  }
  log('execution_started', { execution: name, by });
  return { requester };
}

async function isStarted(
  executionArn: string,
  input: object,
  executions: Pick<Executions, 'describe'>,
): Promise<boolean> {
  const described = await executions.describe(executionArn);
  return sortedJson(described.input) === sortedJson(input);
}

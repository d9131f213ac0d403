// Creates the approval from the message of a waiting state. request-approval calls it.
import { executionName } from '../aws/executions.ts';
import type { ResolvedApprovers } from '../aws/resolved-approvers-table.ts';
import type { Start } from '../aws/starts-table.ts';
import type { Approval } from '../domain/approval.ts';
import { type EscalationRules, scheduleFor } from '../domain/escalation-schedule.ts';
import type { Policy } from '../domain/policy.ts';
import { type Asked, readAsked, type RequestMessage } from './request-message.ts';

export interface RequestSettings {
  /** Slack channel id. */
  readonly channel: string;
  readonly escalation: EscalationRules;
  /** USD. From this amount on, the Approve button asks for confirmation. */
  readonly confirmFromUsd: number;
}

/**
 * @param id of the approval
 * @param start for whom the bot started the execution, if it did
 * @param waitsAgainSince when the execution was last redriven, or the state was retried after a timeout, ISO 8601.
 * Neither updates `EnteredTime`, so the later of the two times counts.
 */
export function newApproval(
  id: string,
  { ExecutionId, EnteredTime, RetryCount }: RequestMessage,
  { request, terms, timeoutSeconds }: Asked,
  policy: Policy,
  { userIds, resolvedAt }: ResolvedApprovers,
  { channel, escalation, confirmFromUsd }: RequestSettings,
  start: Start | undefined,
  waitsAgainSince?: string,
): Approval {
  const { requester: claimed } = request;
  const { askedAt, deadline } = waitOf(EnteredTime, timeoutSeconds, waitsAgainSince);
  return {
    execution: executionName(ExecutionId),
    id,
    status: 'pending',
    request,
    terms,
    requester: start?.requester,
    requesters: [...new Set([...(start?.requesters ?? []), ...(claimed ? [claimed] : [])])],
    noteBy: start?.noteBy,
    previousAnswer: start?.previousAnswer,
    policy,
    effectiveApprovers: userIds,
    approversResolvedAt: resolvedAt,
    delegateFor: {},
    away: [],
    votes: {},
    outstanding: policy.approvals,
    escalationSchedule: scheduleFor(escalation, askedAt, deadline),
    escalationSteps: {},
    pressedAt: {},
    history: [],
    confirm: (request.amount ?? 0) >= confirmFromUsd,
    executionArn: ExecutionId,
    attempt: RetryCount,
    channel,
    askedAt,
    deadline,
    revision: 1,
  };
}

/** The time at which the wait ends, ISO 8601. Undefined if the message is invalid. */
export function deadlineOf(message: RequestMessage, redrivenAt?: string): string | undefined {
  const read = readAsked(message);
  return 'invalid' in read
    ? undefined
    : waitOf(message.EnteredTime, read.timeoutSeconds, redrivenAt).deadline;
}

/** The times at which the wait began and at which it ends, ISO 8601. */
function waitOf(
  enteredTime: string,
  timeoutSeconds: number,
  waitsAgainSince = enteredTime,
): { readonly askedAt: string; readonly deadline: string } {
  const askedMs = Math.max(Date.parse(enteredTime), Date.parse(waitsAgainSince));
  const deadline = new Date(askedMs + timeoutSeconds * 1_000).toISOString();
  return { askedAt: new Date(askedMs).toISOString(), deadline };
}

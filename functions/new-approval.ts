// Creates the approval from the message of a waiting state. request-approval calls it.
import { executionName } from '../aws/executions.ts';
import type { ResolvedApprovers } from '../aws/resolved-approvers-table.ts';
import type { Start } from '../aws/starts-table.ts';
import type { Approval } from '../domain/approval.ts';
import { scheduleFor } from '../domain/escalation-schedule.ts';
import type { NamedPolicy, Requirement, StartedOutsideSlack } from '../domain/policy.ts';
import type { Machine } from './named-policies.ts';
import { type Asked, readAsked, type RequestMessage } from './request-message.ts';

/** What request-approval knows about a request in addition to the message. */
export interface Circumstances {
  /** The policy that the state names. */
  readonly policy: NamedPolicy;
  /** What was added because the execution was started outside Slack. `as-usual` if it was not. */
  readonly outside: StartedOutsideSlack;
  /** What the policy requires of this request. */
  readonly required: Requirement;
  readonly approvers: ResolvedApprovers;
  /** For whom the bot started the execution, if it did. */
  readonly start: Start | undefined;
  readonly machine: Machine;
  /**
   * When the execution was last redriven, or the state was retried after a timeout, ISO 8601. Neither updates
   * `EnteredTime`, so the later of the two times counts.
   */
  readonly waitsAgainSince?: string | undefined;
}

/** @param id of the approval */
export function newApproval(
  id: string,
  { ExecutionId, EnteredTime, RetryCount }: RequestMessage,
  { request, terms, timeoutSeconds, deadline: requested }: Asked,
  { policy, outside, required, approvers, start, machine, waitsAgainSince }: Circumstances,
): Approval {
  const { name, version, channel, escalation, confirmFromUsd, delegates, broadcast, labels } = policy;
  const { requester: claimed } = request;
  const { askedAt, endsAt } = waitOf(EnteredTime, timeoutSeconds, waitsAgainSince);
  const endsEarly = requested !== undefined && requested < endsAt;
  const deadline = endsEarly ? requested : endsAt;
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
    policy: {
      ...required,
      name,
      version,
      delegates,
      broadcast,
      labels,
      rules: {
        approvers: policy.approvers,
        tiers: policy.tiers,
        startedOutsideSlack: outside,
        confirmFromUsd,
      },
    },
    effectiveApprovers: approvers.userIds,
    approversResolvedAt: approvers.resolvedAt,
    delegateFor: {},
    away: [],
    votes: {},
    outstanding: required.approvals,
    escalationSchedule: scheduleFor(escalation, askedAt, deadline),
    escalationSteps: {},
    pressedAt: {},
    history: [],
    confirm: (request.amount ?? 0) >= confirmFromUsd,
    executionArn: ExecutionId,
    ownFailures: machine.ownFailures || undefined,
    attempt: RetryCount,
    channel,
    askedAt,
    deadline,
    endsEarly: endsEarly || undefined,
    revision: 1,
  };
}

/** The time at which the wait ends, ISO 8601. Undefined if the message is invalid. */
export function deadlineOf(message: RequestMessage, redrivenAt?: string): string | undefined {
  const read = readAsked(message);
  if ('invalid' in read) return undefined;
  const { endsAt } = waitOf(message.EnteredTime, read.timeoutSeconds, redrivenAt);
  return read.deadline !== undefined && read.deadline < endsAt ? read.deadline : endsAt;
}

/** The times at which the wait began and at which the state stops waiting, ISO 8601. */
function waitOf(
  enteredTime: string,
  timeoutSeconds: number,
  waitsAgainSince = enteredTime,
): { readonly askedAt: string; readonly endsAt: string } {
  const askedMs = Math.max(Date.parse(enteredTime), Date.parse(waitsAgainSince));
  const endsAt = new Date(askedMs + timeoutSeconds * 1_000).toISOString();
  return { askedAt: new Date(askedMs).toISOString(), endsAt };
}

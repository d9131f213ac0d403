// Parses the message that a waiting state sends to the request queue, and creates the approval from it.
// request-approval calls it.
import * as v from 'valibot';
import { approvalId } from '../aws/approvals-table.ts';
import { executionName } from '../aws/executions.ts';
import type { ResolvedApprovers } from '../aws/resolved-approvers-table.ts';
import type { Start } from '../aws/starts-table.ts';
import type { Approval } from '../domain/approval.ts';
import { digest } from '../domain/digest.ts';
import { type EscalationRules, scheduleFor } from '../domain/escalation-schedule.ts';
import type { Policy } from '../domain/policy.ts';
import { parse, slackUser } from './parse.ts';

const requestMessage = v.object({
  Input: v.looseObject({
    request: v.object({
      title: v.pipe(v.string(), v.nonEmpty()),
      amount: v.optional(v.pipe(v.number(), v.minValue(0))),
      facts: v.array(
        v.object({
          label: v.string(),
          value: v.string(),
          at: v.optional(v.pipe(v.string(), v.isoTimestamp())),
        }),
      ),
      reason: v.string(),
      note: v.optional(v.string()),
      requester: v.optional(slackUser),
    }),
  }),
  TaskToken: v.pipe(v.string(), v.nonEmpty()),
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
  EnteredTime: v.pipe(v.string(), v.isoTimestamp()),
});

export type RequestMessage = v.InferOutput<typeof requestMessage>;

/** Throws `InvalidInput` with the name of the first invalid field. */
export function readRequestMessage(body: unknown): RequestMessage {
  return parse(requestMessage, body);
}

export interface RequestSettings {
  /** Slack channel id. */
  readonly channel: string;
  readonly escalation: EscalationRules;
  /** USD. From this amount on, the Approve button asks for confirmation. */
  readonly confirmFromUsd: number;
  readonly timeoutSeconds: number;
}

/**
 * @param start for whom the bot started the execution, if it did
 * @param redrivenAt when the execution was last redriven, ISO 8601. A redrive does not update `EnteredTime`, so the
 * later of the two times counts.
 */
export function newApproval(
  { Input, TaskToken, ExecutionId, EnteredTime }: RequestMessage,
  policy: Policy,
  { userIds, resolvedAt }: ResolvedApprovers,
  { channel, escalation, confirmFromUsd, timeoutSeconds }: RequestSettings,
  start: Start | undefined,
  redrivenAt = EnteredTime,
): Approval {
  const { requester: claimed } = Input.request;
  const askedMs = Math.max(Date.parse(EnteredTime), Date.parse(redrivenAt));
  const askedAt = new Date(askedMs).toISOString();
  const deadline = new Date(askedMs + timeoutSeconds * 1_000).toISOString();
  return {
    execution: executionName(ExecutionId),
    id: approvalId(digest(TaskToken)),
    status: 'pending',
    request: Input.request,
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
    confirm: (Input.request.amount ?? 0) >= confirmFromUsd,
    executionArn: ExecutionId,
    channel,
    askedAt,
    deadline,
    revision: 1,
  };
}

// Behind the request queue: stores the approval of a state that waits for its task token, and asks in the channel.
// A message delivered twice finds the approval by the digest of its token, and posts only what was not posted.
import * as v from 'valibot';
import { approvalId, type Approvals } from '../aws/approvals-table.ts';
import { type Completions } from '../aws/completions-table.ts';
import { type Described, executionName, stateMachineOf } from '../aws/executions.ts';
import { type ResolvedApprovers } from '../aws/resolved-approvers-table.ts';
import { type PreferencesTable } from '../aws/preferences-table.ts';
import { postApproval } from '../slack/messages/post-approval.ts';
import { syncMessage, type MessageDependencies } from '../slack/messages/sync-message.ts';
import type { Approval } from '../domain/approval.ts';
import { applyDelegations } from '../domain/out-of-office.ts';
import { digest } from '../domain/digest.ts';
import { scheduleFor, type EscalationRules } from '../domain/escalation-schedule.ts';
import { limitOf, type Policy, policyFor, type Rules } from '../domain/policy.ts';
import type { Request } from '../domain/request.ts';
import { usd } from '../domain/usd.ts';
import { isFresh, fetchApprovers, type FetchApproversDependencies } from './fetch-approvers.ts';
import { previousAnswer, parse, slackUser } from './parse.ts';
import { type Delivered } from './rate-limiter.ts';
import { asking } from '../slack/rate-limits.ts';

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
      previousAnswer: v.optional(previousAnswer),
      requester: v.optional(slackUser),
    }),
  }),
  TaskToken: v.pipe(v.string(), v.nonEmpty()),
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
  EnteredTime: v.pipe(v.string(), v.isoTimestamp()),
});

/** A state machine that this does not serve sent it: nobody is asked in its name. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** It ends at the moment, or was redriven: worth another try in a moment. */
export class PerhapsRedriven extends Error {
  override readonly name = 'PerhapsRedriven';
}

export interface RequestApprovalDependencies extends FetchApproversDependencies {
  readonly approvals: Approvals;
  readonly completions: Pick<Completions, 'endedSince'>;
  readonly people: Pick<PreferencesTable, 'outOfOffice'>;
  /** Slack channel id. */
  readonly channel: string;
  /** Who may approve what. */
  readonly rules: Rules;
  /** When people are reminded, and whom it goes to then. */
  readonly escalationSchedule: EscalationRules;
  /** From this amount on, in USD, an approval is asked for twice. */
  readonly confirmFromUsd: number;
  readonly timeoutSeconds: number;
  /** ARNs of the state machines that may ask. */
  readonly stateMachineArns: readonly string[];
  readonly describe: (executionArn: string) => Promise<Described>;
  /** Fails the waiting state. */
  readonly fail: (taskToken: string, error: string, cause: string) => Promise<void>;
}

export function requestApproval(dependencies: RequestApprovalDependencies) {
  const { approvals, completions, slack, rules, stateMachineArns, describe, fail, now, log } = dependencies;
  return async (body: unknown, { firstSentAt, acquire }: Delivered): Promise<void> => {
    const message = parse(requestMessage, body);
    const asker = stateMachineOf(message.ExecutionId);
    if (!stateMachineArns.includes(asker))
      throw new NotOurs(`${asker} is none that may ask for approval here.`);
    const { request } = message.Input;
    const execution = executionName(message.ExecutionId);
    const policy = policyFor(request.amount, rules);
    if (!policy) {
      await fail(message.TaskToken, 'AboveLimit', aboveLimit(request, rules));
      return log('approval_above_limit', { execution, amount: request.amount });
    }
    const { status, redrivenAt } = await describe(message.ExecutionId);
    // It waits with another token now.
    if (firstSentAt < Date.parse(redrivenAt ?? '')) return log('request_overtaken', { execution });
    const id = approvalId(digest(message.TaskToken));
    if (status !== 'RUNNING') {
      await approvals.cancelUnasked({ execution, id });
      return log('approval_not_asked', { execution, approval: id, status });
    }
    const asked = newApproval(message, policy, await lastResolved(policy, dependencies), {
      ...dependencies,
      redrivenAt,
    });
    const created = await approvals.create(asked, message.TaskToken);
    const approval = created ? asked : await approvals.get(asked);
    if (!approval || approval.ts) return;
    // Stored first, looked second; the relay does it the other way round: so one of the two sees the other.
    const ended = await completions.endedSince(approval.executionArn, approval.askedAt);
    if (ended) throw new PerhapsRedriven(`${execution} ended, and runs.`);
    if (approval.deadline <= now().toISOString())
      return log('approval_not_asked', { execution, approval: id });
    const thread = { approvals, slack: await slack(), now };
    const whole = await withResolvedApprovers(approval, dependencies);
    await acquire(asking(approval.channel));
    // Posted is done: whatever comes before may be done again.
    await markSuperseded(approval, thread);
    await postApproval(thread, whole);
    log('approval_requested', { execution, approval: id });
  };
}

type RequestMessage = v.InferOutput<typeof requestMessage>;

function newApproval(
  { Input, TaskToken, ExecutionId, EnteredTime }: RequestMessage,
  policy: Policy,
  seen: ResolvedApprovers,
  {
    channel,
    escalationSchedule,
    confirmFromUsd,
    timeoutSeconds,
    redrivenAt = EnteredTime,
  }: RequestApprovalDependencies & { redrivenAt: string | undefined },
): Approval {
  // A state that is redriven is not entered again, but waits anew.
  const asked = Math.max(Date.parse(EnteredTime), Date.parse(redrivenAt));
  const askedAt = new Date(asked).toISOString();
  const deadline = new Date(asked + timeoutSeconds * 1_000).toISOString();
  return {
    execution: executionName(ExecutionId),
    id: approvalId(digest(TaskToken)),
    status: 'pending',
    request: Input.request,
    policy,
    effectiveApprovers: seen.userIds,
    approversResolvedAt: seen.resolvedAt,
    delegateFor: {},
    votes: {},
    outstanding: policy.approvals,
    escalationSchedule: scheduleFor(escalationSchedule, askedAt, deadline),
    escalationSteps: {},
    history: [],
    confirm: (Input.request.amount ?? 0) >= confirmFromUsd,
    executionArn: ExecutionId,
    channel,
    askedAt,
    deadline,
    revision: 1,
  };
}

function aboveLimit({ title, amount = 0 }: Request, rules: Rules): string {
  return `${title} is ${usd(amount)}; nobody may approve more than ${usd(limitOf(rules))}. Nobody was asked, and nothing was done.`;
}

/** As last seen: the approval is stored whether Slack can be asked now or not. */
async function lastResolved(
  { approvers }: Policy,
  { resolvedApprovers }: FetchApproversDependencies,
): Promise<ResolvedApprovers> {
  return (await resolvedApprovers.get(approvers)) ?? { userIds: [], resolvedAt: new Date(0).toISOString() };
}

/** With the members as they are now, where they were last seen too long ago. */
async function withResolvedApprovers(
  approval: Approval,
  dependencies: RequestApprovalDependencies,
): Promise<Approval> {
  const { approvals, now } = dependencies;
  const { approvers } = approval.policy;
  // Another request may have looked meanwhile.
  const known = await dependencies.resolvedApprovers.get(approvers);
  const seen =
    known && isFresh(known.resolvedAt, now()) ? known : await fetchApprovers(approvers, dependencies);
  const here = applyDelegations(seen.userIds, await dependencies.people.outOfOffice(now()), approval);
  return (await approvals.recordApprovers(approval, here, seen.resolvedAt)) ?? approval;
}

/** What was asked before a redrive says that it is asked anew. An ending told later says so by itself: see the relay. */
async function markSuperseded(approval: Approval, thread: MessageDependencies): Promise<void> {
  const { approvals } = thread;
  const earlier = (await approvals.ofExecution(approval.executionArn)).filter(
    ({ askedAt, status }) => askedAt < approval.askedAt && status === 'cancelled',
  );
  for (const each of earlier) {
    await approvals.recordResubmission(each, { at: approval.askedAt });
    await syncMessage(thread, each);
  }
}

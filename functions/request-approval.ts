// Handles the request queue: stores the approval of a waiting state, and posts its message. A second delivery
// and a retry of the state find the stored approval by its id, and post the message only if it was not posted.
import type { Completions } from '../aws/completions-table.ts';
import { type Described, executionName, stateMachineOf } from '../aws/executions.ts';
import type { PreferencesTable } from '../aws/preferences-table.ts';
import type { ResolvedApprovers } from '../aws/resolved-approvers-table.ts';
import { RetryLater } from '../aws/retry-later.ts';
import type { StartsTable } from '../aws/starts-table.ts';
import type { Approval } from '../domain/approval.ts';
import { currentApprovers } from '../domain/escalation.ts';
import {
  limitOf,
  type Requirement,
  requirementOf,
  type Rules,
  type StartedOutsideSlack,
} from '../domain/policy.ts';
import type { Request } from '../domain/request.ts';
import { usd } from '../domain/usd.ts';
import { postApproval } from '../slack/messages/post-approval.ts';
import { type MessageDependencies, syncMessage } from '../slack/messages/sync-message.ts';
import { type FetchApproversDependencies, resolveCached } from '../slack/fetch-approvers.ts';
import { requestPosts } from '../slack/rate-limits.ts';
import { failureFields, isUnreachable } from '../slack/slack-errors.ts';
import { notifyUnposted, type NotifyUnpostedDependencies } from './notify-unposted.ts';
import { notAskedEvent } from './not-asked.ts';
import type { Delivery } from './queue-handler.ts';
import type { Machine, NamedPolicies } from './named-policies.ts';
import { deadlineOf, newApproval } from './new-approval.ts';
import { readAsked, readRequestMessage, type RequestMessage } from './request-message.ts';
import { type AttemptDependencies, findStored, findWait, storeAttempt } from './store-attempt.ts';
import { resolveEffectiveApprovers } from './resolve-effective-approvers.ts';

/** The state machine of the message is not configured to request approval. */
export class UnknownStateMachine extends Error {
  override readonly name = 'UnknownStateMachine';
}

/**
 * A completion is stored although Step Functions reports the execution as running: the execution was redriven, or the
 * report is outdated. A retry shows which.
 */
export class PossiblyRedriven extends RetryLater {
  override readonly name = 'PossiblyRedriven';
}

/** The history of the execution does not contain the message. The history may lag behind, so a retry may find it. */
export class MessageNotInHistory extends RetryLater {
  override readonly name = 'MessageNotInHistory';
}

/** The channel refuses the request until somebody repairs the channel. */
export class ChannelUnreachable extends RetryLater {
  override readonly name = 'ChannelUnreachable';
}

/** How far the history of an execution may lag behind. After this time a message that is not in it is refused. */
const HISTORY_DELAY_MS = 5 * 60_000;

export interface RequestApprovalDependencies
  extends AttemptDependencies, FetchApproversDependencies, NotifyUnpostedDependencies {
  readonly completions: Pick<Completions, 'endedSince'>;
  readonly people: Pick<PreferencesTable, 'outOfOffice' | 'preferences'>;
  readonly starts: Pick<StartsTable, 'get'>;
  /** What more an execution needs that was started outside Slack. */
  readonly startedOutsideSlack: StartedOutsideSlack;
  readonly policies: NamedPolicies;
  readonly describe: (executionArn: string) => Promise<Described>;
  /** Fails the waiting state. */
  readonly fail: (taskToken: string, error: string, cause: string) => Promise<void>;
}

export function requestApproval(dependencies: RequestApprovalDependencies) {
  const { approvals, completions, slack, policies, describe, now, log } = dependencies;
  return async (body: unknown, { firstSentAt, acquire }: Delivery): Promise<void> => {
    const message = readRequestMessage(body);
    const stateMachine = stateMachineOf(message.ExecutionId);
    const machine = await policies.machine(stateMachine);
    if (!machine) throw new UnknownStateMachine(`${stateMachine} may not ask for approval here.`);
    const execution = executionName(message.ExecutionId);
    const described = await describe(message.ExecutionId);
    const { status, redrivenAt, endedAt } = described;
    // The message is from before a redrive. The redriven state sends its own message with a new task token.
    if (firstSentAt < Date.parse(redrivenAt ?? '')) return log('request_superseded', { execution });
    if (status !== 'RUNNING') {
      const stored = await approvals.ofExecution(message.ExecutionId);
      for (const each of stored) await approvals.cancelUnasked(each);
      const deadline = deadlineOf(message, redrivenAt);
      const own = stored.find((each) => each.deadline === deadline);
      return log(notAskedEvent(own, deadline, endedAt), { execution, status });
    }
    const approval =
      (await findStored(message, dependencies)) ??
      (await storeRequest(message, body, machine, { firstSentAt, described }, dependencies));
    if (!approval || approval.ts) return;
    // A redriven dead letter from before the redrive, whose approval was stored and not posted.
    if (approval.askedAt < (redrivenAt ?? '')) return log('request_superseded', { execution });
    // This function stores the approval and then reads completions. relay-result stores the completion and then reads
    // approvals. So at least one of these functions sees the record of the other.
    if (await completions.endedSince(approval.executionArn, approval.askedAt))
      throw new PossiblyRedriven(`${execution} has a completion, and Step Functions reports it as running.`);
    const at = now().toISOString();
    const { id } = approval;
    if (approval.deadline <= at)
      return log(notAskedEvent(approval, approval.deadline, at), { execution, approval: id });
    const messages = { approvals, slack: await slack(), now };
    const current = await withFreshApprovers(approval, dependencies);
    await acquire(requestPosts(approval.channel));
    // Post the message last. A retry does nothing if the message is posted, so all other work must be done before.
    try {
      await markSuperseded(approval, messages);
      await postApproval(messages, current);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      log('channel_unreachable', { execution, approval: id, ...failureFields(error) });
      await approvals.recordRefused(current);
      if (current.status === 'pending') await notifyUnposted(current, dependencies);
      throw new ChannelUnreachable(`The channel refuses the request of ${execution}.`);
    }
    log('approval_requested', { execution, approval: id });
  };
}

/** Stores the approval of a message that the history contains. Returns undefined if there is nothing to post. */
async function storeRequest(
  message: RequestMessage,
  body: unknown,
  machine: Machine,
  { firstSentAt, described }: Pick<Delivery, 'firstSentAt'> & { readonly described: Described },
  dependencies: RequestApprovalDependencies,
): Promise<Approval | undefined> {
  const { starts, startedOutsideSlack, policies, fail, now, log } = dependencies;
  const execution = executionName(message.ExecutionId);
  const refuse = (event: string, fields: object = {}): undefined => {
    log(event, { execution, ...fields });
  };
  const wait = await findWait(message, body, dependencies);
  // A redriven dead letter is a new message, so the time at which it was first sent does not show this.
  if (wait === 'superseded') return refuse('request_superseded');
  if (!wait) {
    if (now().getTime() - firstSentAt < HISTORY_DELAY_MS)
      throw new MessageNotInHistory(`The history of ${execution} does not contain this message yet.`);
    return refuse('request_refused');
  }
  const { id, waitsAgainSince = described.redrivenAt } = wait;
  const read = readAsked(message);
  if ('invalid' in read) {
    // A retry cannot help. The failure of the execution is reported like any other, so people hear of it at once.
    await fail(
      message.TaskToken,
      'InvalidRequest',
      `The workflow sent an invalid request: ${read.invalid} Nobody was asked; tell your operator.`,
    );
    return refuse('request_invalid', { approval: id, reason: read.invalid });
  }
  const { request } = read;
  const policy = machine.policies.includes(read.policy) ? await policies.policy(read.policy) : undefined;
  if (!policy) {
    await fail(message.TaskToken, 'PolicyNotAllowed', whyNotAllowed(read.policy, machine));
    return refuse('policy_not_allowed', { policy: read.policy });
  }
  const start = await starts.get(message.ExecutionId, described);
  const outside = start ? 'as-usual' : startedOutsideSlack;
  const required = requirementOf(request.amount, policy, outside);
  if (!required) {
    await fail(message.TaskToken, 'AboveLimit', aboveLimit(request, policy));
    return refuse('approval_above_limit', { amount: request.amount });
  }
  const approvers = await lastResolved(required, dependencies);
  const circumstances = { policy, outside, required, approvers, start, machine, waitsAgainSince };
  const draft = newApproval(id, message, read, circumstances);
  return storeAttempt(draft, message, dependencies);
}

function aboveLimit({ title, amount = 0 }: Request, rules: Rules): string {
  return `${title} is ${usd(amount)}; nobody may approve more than ${usd(limitOf(rules))}. Nobody was asked.`;
}

function whyNotAllowed(policy: string, { policies }: Machine): string {
  const why = policies.includes(policy)
    ? 'which does not exist'
    : `but its state machine may use only: ${policies.join(', ')}`;
  return `The state names the policy "${policy}", ${why}. Nobody was asked; tell your operator.`;
}

/** Reads the cache, however old it is, so that the approval can be stored during an outage of Slack. */
async function lastResolved(
  { approvers }: Requirement,
  { resolvedApprovers }: FetchApproversDependencies,
): Promise<ResolvedApprovers> {
  return (await resolvedApprovers.get(approvers)) ?? { userIds: [], resolvedAt: new Date(0).toISOString() };
}

async function withFreshApprovers(
  approval: Approval,
  dependencies: RequestApprovalDependencies,
): Promise<Approval> {
  const { approvals, people, now } = dependencies;
  const { effective, resolvedAt } = await resolveEffectiveApprovers(approval, currentApprovers(approval), {
    ...dependencies,
    resolve: resolveCached(dependencies),
    outOfOffice: () => people.outOfOffice(now()),
  });
  return (await approvals.recordApprovers(approval, effective, resolvedAt)).approval;
}

/** Marks the approvals from before a redrive as resubmitted, and updates their messages. */
async function markSuperseded(approval: Approval, messages: MessageDependencies): Promise<void> {
  const { approvals } = messages;
  const earlier = (await approvals.ofExecution(approval.executionArn)).filter(
    ({ askedAt, status }) => askedAt < approval.askedAt && status === 'cancelled',
  );
  for (const each of earlier) {
    await approvals.recordResubmission(each, { at: approval.askedAt });
    await syncMessage(messages, each);
  }
}

// Handles the results queue: stores the result with the approvals of the execution, and notifies each audience once.
// All completions arrive in this queue, and no other function notifies people of results.
import type { Completion, Completions } from '../aws/completions-table.ts';
import { type Described, executionName, stateMachineOf } from '../aws/executions.ts';
import type { PreferencesTable } from '../aws/preferences-table.ts';
import type { ProgressReports } from '../aws/progress.ts';
import type { Approval, Result } from '../domain/approval.ts';
import { OUTCOMES } from '../domain/outcomes.ts';
import type { StartsTable } from '../aws/starts-table.ts';
import { MAX_DIRECT_MESSAGES } from '../slack/messages/post-once.ts';
import { threadReplies } from '../slack/rate-limits.ts';
import { failureFields, isUnreachable } from '../slack/slack-errors.ts';
import { limitedBy } from './acquire-slot.ts';
import {
  type CompletionNotice,
  notifyChannel,
  type NotifyDependencies,
  notifyPerson,
} from './notify-completion.ts';
import { notifyOnce } from './notify-once.ts';
import type { Delivery } from './queue-handler.ts';
import { copyEntry } from './copy-entry.ts';
import type { Machine, NamedPolicies } from './named-policies.ts';
import { isShowingProgress, ProgressInProgress, relayProgress } from './relay-progress.ts';
import { removeProgressButton } from './remove-progress-button.ts';
import { relayAmendment } from './relay-amendment.ts';
import { executionIn, readResultMessage, updateIn } from './result-message.ts';
import { settleApprovals, type SettleDependencies } from './settle-approvals.ts';

/** The first policy of the state machine does not exist, so nobody can be told how its execution ended. */
export class NoDestination extends Error {
  override readonly name = 'NoDestination';
}

export interface RelayResultDependencies
  extends
    Omit<NotifyDependencies, 'channel' | 'broadcast'>,
    Omit<SettleDependencies, 'acquire' | 'arrivedAt'> {
  readonly completions: Completions;
  readonly progress: ProgressReports;
  readonly people: Pick<PreferencesTable, 'preferences'>;
  readonly starts: Pick<StartsTable, 'get'>;
  readonly describe: (executionArn: string) => Promise<Described>;
  readonly policies: NamedPolicies;
}

export function relayResult(dependencies: RelayResultDependencies) {
  const { approvals, completions, policies, now, log } = dependencies;
  return async (body: unknown, { acquire, firstSentAt }: Delivery): Promise<void> => {
    // Deadlines are times of AWS, and so is the time at which the queue got the message. This function's clock may differ.
    const arrivedAt = new Date(firstSentAt);
    // Other publishers may use the results topic, so messages about unknown state machines are ignored.
    const arn = executionIn(body);
    const machine = arn === undefined ? undefined : await policies.machine(stateMachineOf(arn));
    if (arn === undefined || !machine) return log('result_from_unknown_state_machine');
    const update = updateIn(body);
    if (update === 'progress') return relayProgress(arn, body, { acquire, firstSentAt }, dependencies);
    if (update) return relayAmendment(arn, update.amendment, { acquire, firstSentAt }, dependencies);
    const { executionArn, result, endedAt, isArrivalTime } = readResultMessage(body);
    const execution = executionName(executionArn);
    const described = await dependencies.describe(executionArn);
    const asked = (await approvals.ofExecution(executionArn)).filter(
      ({ askedAt }) => endedAt === undefined || askedAt <= endedAt,
    );
    const forged = whyForged(result, described, asked, arrivedAt);
    if (forged) return log('result_refused', { execution, outcome: result.outcome, reason: forged });
    const at = isArrivalTime ? undefined : endedAt;
    const completion = { executionArn, outcome: result.outcome, at };
    await completions.record(completion, arrivedAt);
    const settling = await settleApprovals(executionArn, result, endedAt, {
      ...dependencies,
      acquire,
      arrivedAt,
    });
    const { settled: all, ended, uncopied } = settling;
    // Each step runs even if another fails: a message that cannot be updated must not keep the result from people.
    const failures: unknown[] = [...settling.failures];
    const attempt = (step: () => Promise<void>) =>
      step().catch((error: unknown) => void failures.push(error));
    const settled = all.at(-1);
    // No worker begins to show progress once the result is stored.
    if (isShowingProgress(settled?.approval, now()))
      throw new ProgressInProgress(`The progress of ${execution} is being shown.`, 5);
    for (const each of ended) await attempt(() => removeProgressButton(each, acquire, dependencies));
    const metadata = {
      event_type: 'countersign_result',
      event_payload: { id: completions.idOf(completion) },
    };
    const since = settled?.approval.askedAt ?? endedAt ?? new Date(0).toISOString();
    const notice: CompletionNotice = { result, executionArn, metadata, since, settled };
    const notify = { ...dependencies, ...(await destinationOf(settled?.approval, machine, policies)) };
    await acquire(threadReplies(settled?.approval.channel ?? notify.channel));
    const requester = await requesterToNotify(notice, described, dependencies);
    const tellChannel = () =>
      notifyOnce('channel', completion, completions, now, async (possiblyPosted) => {
        try {
          await notifyChannel(notice, possiblyPosted, notify);
        } catch (error) {
          if (!isUnreachable(error)) throw error;
          log('channel_unreachable', { execution, ...failureFields(error) });
          // If no approver can be reached either, the message is tried again, and becomes a dead letter.
          if (!(await notifyApprovers(notice, completion, requester, notify))) throw error;
        }
      });
    // A request that the workflow refused concerns only its requester, if they can be reached.
    const isPrivate = result.outcome === 'refused' && requester !== undefined;
    if (!isPrivate) await attempt(tellChannel);
    if (requester)
      await attempt(() =>
        notifyOnce('requester', completion, completions, now, async (possiblyPosted) => {
          const isReached = await notifyPerson(requester, notice, possiblyPosted, notify);
          if (isPrivate && !isReached) await tellChannel();
        }).catch((error: unknown) => {
          // A limit of direct messages does not pause the channel.
          throw limitedBy(undefined, error);
        }),
      );
    // Tried again only now, so that an outage of S3 does not delay the notification.
    for (const entry of uncopied) await attempt(() => copyEntry(entry, dependencies));
    if (failures.length > 0) throw failures[0];
    for (const { approval } of all) await approvals.close(approval);
    const { outcome } = result;
    log('completion_notified', { execution, outcome, approval: settled?.approval.id });
  };
}

/**
 * Where a result is told: as the policy of the approval says now, or the first policy of the state machine if nothing was
 * asked. What is stored with the approval counts if the policy does not exist any more.
 */
async function destinationOf(
  approval: Approval | undefined,
  machine: Machine,
  policies: NamedPolicies,
): Promise<Pick<NotifyDependencies, 'channel' | 'broadcast'>> {
  const { policy: stored } = approval ?? {};
  const policy = await policies.policy(stored?.name ?? machine.policies[0]);
  const channel = policy?.channel ?? approval?.channel;
  if (channel === undefined)
    throw new NoDestination(`There is no policy ${machine.policies[0]}, which names the channel.`);
  return { channel, broadcast: stored?.broadcast ?? policy?.broadcast ?? [] };
}

/** Undefined if there is no requester, if the requester declined or cancelled, or if they want no direct messages. */
async function requesterToNotify(
  { settled, executionArn }: CompletionNotice,
  described: Described,
  { people, starts, now }: RelayResultDependencies,
): Promise<string | undefined> {
  const requester = settled
    ? settled.approval.requester
    : (await starts.get(executionArn, described))?.requester;
  const { decision, cancellation } = settled?.approval ?? {};
  if (!requester || requester === (cancellation ?? decision)?.by) return undefined;
  const { directMessages } = await people.preferences(requester, now());
  return directMessages ? requester : undefined;
}

/** Sends each approver a direct message, in place of the message in the channel. Returns whether one was reached. */
async function notifyApprovers(
  notice: CompletionNotice,
  completion: Completion,
  requester: string | undefined,
  dependencies: RelayResultDependencies & NotifyDependencies,
): Promise<boolean> {
  const { completions, now } = dependencies;
  const approvers = notice.settled?.approval.effectiveApprovers ?? [];
  let isReached = false;
  for (const person of approvers.filter((id) => id !== requester).slice(0, MAX_DIRECT_MESSAGES))
    await notifyOnce(`approver-${person}`, completion, completions, now, async (possiblyPosted) => {
      isReached = (await notifyPerson(person, notice, possiblyPosted, dependencies)) || isReached;
    });
  return isReached;
}

/** By how much the clock of Step Functions may differ from that of the queue when a request expires. */
const MAX_CLOCK_SKEW_MS = 60_000;

/**
 * Why the result cannot come from this execution, by the table in `domain/outcomes.ts`. A message on the topic proves
 * nothing by itself. A result that needs an approval also needs an execution that did not fail; it may still be running,
 * because its last state publishes the result. `expired` needs a deadline that has passed, also if the approval is decided.
 * @param approvals those that were requested before the execution ended, oldest first
 * @param arrivedAt when the queue got the message
 */
function whyForged(
  { outcome }: Result,
  { status }: Described,
  approvals: readonly Approval[],
  arrivedAt: Date,
): string | undefined {
  const last = approvals.at(-1);
  const { follows } = OUTCOMES[outcome];
  if (follows === 'deadline' && last)
    return Date.parse(last.deadline) - arrivedAt.getTime() > MAX_CLOCK_SKEW_MS
      ? 'the deadline has not passed'
      : undefined;
  if (follows === 'no_question')
    return approvals.some(({ ts, channelRefused, decision }) => ts ?? channelRefused ?? decision)
      ? 'people were asked'
      : undefined;
  if (follows !== 'approval') return undefined;
  if (status !== 'RUNNING' && status !== 'SUCCEEDED') return `the execution is ${status}`;
  if (!last || last.decision?.outcome === 'approved') return undefined;
  return 'no decision on record approves it';
}

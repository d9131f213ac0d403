// Behind the results queue: every ending of an execution comes by here, and only here is it told. The approval takes
// its result, its message the final form, the thread a reply; what was told already is not told again.
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import { type Approvals } from '../aws/approvals-table.ts';
import { type AuditTable } from '../aws/audit-table.ts';
import { type Audience, type Completion, type Completions } from '../aws/completions-table.ts';
import { executionName, stateMachineOf } from '../aws/executions.ts';
import { type PreferencesTable } from '../aws/preferences-table.ts';
import { type Log } from '../aws/log.ts';
import { findMessage, type MessageMetadata } from '../slack/messages/find-message.ts';
import { failureFields, slackErrorCode, definitelyNotExecuted } from '../slack/slack-errors.ts';
import { withLink } from '../slack/messages/permalink.ts';
import { postApproval } from '../slack/messages/post-approval.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import { resultReply, unaskedResult } from '../slack/views/result-reply.ts';
import type { Approval, Result } from '../domain/approval.ts';
import { stepEntry } from '../domain/audit.ts';
import { parse, slackUser } from './parse.ts';
import { type Delivered, type InTurn } from './rate-limiter.ts';
import { asking, replying, updating } from '../slack/rate-limits.ts';

const label = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(40));
const emoji = v.pipe(v.string(), v.regex(/^:[a-z0-9_+-]+:$/));

/** A result that a state or report-failure wrote, or the decision that ended it. The decision comes first. */
const resultMessage = v.object({
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
  /** When it ended; a state that publishes its own result does it at once. */
  EndedAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  Input: v.union([
    v.pipe(
      v.object({ approval: v.object({ outcome: v.picklist(['declined', 'expired']) }) }),
      v.transform(({ approval }): Result => approval),
    ),
    v.pipe(
      v.object({
        result: v.object({
          outcome: v.picklist(['done', 'failed', 'cancelled']),
          // Told all the same where they are none: the ending counts more than its looks.
          label: v.fallback(v.optional(label), undefined),
          emoji: v.fallback(v.optional(emoji), undefined),
          text: v.optional(v.string()),
          unsure: v.optional(v.boolean()),
        }),
      }),
      v.transform(({ result }): Result => result),
    ),
  ]),
});

/** Who started it, where that was a person in Slack. */
const startedBy = v.object({
  Input: v.object({ requestedBy: v.fallback(v.optional(slackUser), undefined) }),
});

export interface RelayResultDependencies {
  readonly approvals: Approvals;
  readonly audit: Pick<AuditTable, 'record'>;
  readonly completions: Completions;
  readonly people: Pick<PreferencesTable, 'preferences'>;
  readonly slack: () => Promise<WebClient>;
  /** Slack channel id, for results that belong to no approval. */
  readonly channel: string;
  /** Kinds of results that everybody in the channel should see, not only those who follow the thread. */
  readonly broadcast: readonly string[];
  /** ARNs of the state machines whose endings are told. */
  readonly stateMachineArns: readonly string[];
  readonly now: () => Date;
  readonly log: Log;
}

/** An ending as it is told. */
interface CompletionNotice {
  readonly result: Result;
  readonly executionArn: string;
  /** What its messages carry, by which they are found again. */
  readonly mark: MessageMetadata;
  /** No message of it is older, ISO 8601. */
  readonly since: string;
  /** Absent where nobody was asked. */
  readonly settled: SettledApproval | undefined;
}

interface SettledApproval {
  readonly approval: Approval;
  /** Where its message stands; absent where somebody deleted it. */
  readonly threadTs: string | undefined;
}

export function relayResult(dependencies: RelayResultDependencies) {
  const { approvals, completions, people, stateMachineArns, now, log } = dependencies;
  return async (body: unknown, { acquire }: Pick<Delivered, 'acquire'>): Promise<void> => {
    // Anybody whom an operator lets may publish on the topic.
    if (!isOurs(body, stateMachineArns)) return log('result_not_ours');
    const { ExecutionId: executionArn, Input: result, EndedAt: at } = parse(resultMessage, body);
    const completion = { executionArn, outcome: result.outcome, at };
    await completions.record(completion, now());
    const all = await settleApprovals(executionArn, result, at, { ...dependencies, acquire });
    const settled = all.at(-1);
    const mark = { event_type: 'countersign_result', event_payload: { id: completions.idOf(completion) } };
    const since = settled?.approval.askedAt ?? at ?? new Date(0).toISOString();
    const told = { result, executionArn, mark, since, settled };
    await acquire(replying(settled?.approval.channel ?? dependencies.channel));
    await notifyOnce('channel', completion, dependencies, (first) =>
      notifyChannel(told, first, dependencies),
    );
    const requester = settled?.approval.request.requester ?? parse(startedBy, body).Input.requestedBy;
    // Who ended it knows.
    const { decision, cancellation } = settled?.approval ?? {};
    const wanted = requester && requester !== (cancellation ?? decision)?.by;
    if (wanted && (await people.preferences(requester, now())).directMessages)
      await notifyOnce('requester', completion, dependencies, (first) =>
        notifyRequester(requester, told, first, dependencies),
      );
    for (const { approval } of all) await approvals.close(approval);
    log('completion_notified', {
      execution: executionName(executionArn),
      outcome: result.outcome,
      approval: settled?.approval.id,
    });
  };
}

/** Somebody else is telling this ending at the moment, or died while doing so: worth another try in a minute. */
export class NotificationInProgress extends Error {
  override readonly name = 'BeingTold';
}

/** Tells it to whom it was not told yet; whether surely nobody has told it before is said to who tells. */
async function notifyOnce(
  audience: Audience,
  completion: Completion,
  { completions, now }: RelayResultDependencies,
  tell: (first: boolean) => Promise<void>,
): Promise<void> {
  const claim = await completions.leaseNotification(completion, audience, now());
  if (claim === 'told') return;
  if (claim === 'conflict') throw new NotificationInProgress(`The ${audience} is being told.`);
  try {
    await tell(claim === 'first');
  } catch (error) {
    // Of what an earlier one did, the refusal says nothing: it must still be looked for.
    if (claim === 'first' && definitelyNotExecuted(error))
      await completions.releaseNotification(completion, audience);
    throw error;
  }
  await completions.recordNotified(completion, audience);
}

function isOurs(body: unknown, stateMachineArns: readonly string[]): boolean {
  const read = v.safeParse(v.object({ ExecutionId: v.string() }), body);
  return read.success && stateMachineArns.includes(stateMachineOf(read.output.ExecutionId));
}

type InTurnDependencies = RelayResultDependencies & { readonly acquire: InTurn };

/** Settles all that was asked before the end, and shows it. The last is where the ending is told. */
async function settleApprovals(
  executionArn: string,
  result: Result,
  endedAt: string | undefined,
  dependencies: InTurnDependencies,
): Promise<readonly SettledApproval[]> {
  const { approvals, now } = dependencies;
  const at = endedAt ?? now().toISOString();
  const asked = await approvals.ofExecution(executionArn);
  // What was asked later belongs to a redrive.
  const ended = asked.filter(({ askedAt }) => askedAt <= at);
  const anew = asked.find(({ askedAt }) => askedAt > at);
  const last = ended.at(-1);
  const settled: SettledApproval[] = [];
  // An execution may ask more than once: what was decided before the last stays as it was decided.
  for (const each of ended.filter((one) => one !== last && one.decision && !one.result))
    await approvals.closeDecided(each);
  for (const each of ended.filter((one) => one === last || one.status === 'pending')) {
    const own = each === last ? result : endOfEarlier(each, result, at);
    await approvals.settle(each, { ...own, at: endedAt }, now());
    if (anew) await approvals.recordResubmission(each, { at: anew.askedAt });
    settled.push(await showInThread(each, dependencies));
  }
  return settled;
}

/** How a pause ended that the execution outlived: nobody decided, whatever was decided later. */
function endOfEarlier({ deadline }: Approval, result: Result, at: string): Result {
  if (result.outcome === 'failed' || result.outcome === 'cancelled') return result;
  return { outcome: deadline <= at ? 'expired' : 'cancelled' };
}

/** Makes the message final, or posts it where it never got posted. */
async function showInThread(key: Approval, dependencies: InTurnDependencies): Promise<SettledApproval> {
  const { approvals, audit, slack, now, acquire } = dependencies;
  const thread = { approvals, slack: await slack(), now };
  const approval = (await approvals.get(key)) ?? key;
  // Whoever took a step may have died before it was in the audit.
  for (const index of approval.history.keys()) await audit.record(stepEntry(approval, index));
  if (!approval.ts) {
    await acquire(asking(approval.channel));
    const ts = await postApproval(thread, approval);
    return { approval: { ...approval, ts }, threadTs: ts };
  }
  // Whoever waited for the next turn has shown it before.
  if (approval.shownRevision === approval.revision) return { approval, threadTs: approval.ts };
  await acquire(updating);
  const shown = await syncMessage(thread, approval);
  return { approval, threadTs: shown === 'gone' ? undefined : approval.ts };
}

const quiet = { unfurl_links: false, unfurl_media: false };

async function notifyChannel(
  { result, executionArn, mark, since, settled }: CompletionNotice,
  first: boolean,
  { slack, broadcast, ...dependencies }: RelayResultDependencies,
): Promise<void> {
  const web = await slack();
  const threadTs = settled?.threadTs;
  const channel = threadTs ? settled.approval.channel : dependencies.channel;
  if (!first && (await findMessage(web, { channel, threadTs, since }, mark))) return;
  const message = threadTs
    ? {
        thread_ts: threadTs,
        reply_broadcast: broadcast.includes(result.outcome),
        text: resultReply(result, settled.approval),
      }
    : { text: unaskedResult(result, executionName(executionArn)) };
  await web.chat.postMessage({ channel, metadata: mark, ...message, ...quiet });
}

/** Slack's words for a person who cannot be written to: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const UNREACHABLE = ['user_not_found', 'user_disabled', 'cannot_dm_bot', 'messages_tab_disabled'];

/** A direct message from the bot; who left the workspace gets none. */
async function notifyRequester(
  requester: string,
  { result, executionArn, mark, since, settled }: CompletionNotice,
  first: boolean,
  { slack, log }: RelayResultDependencies,
): Promise<void> {
  const web = await slack();
  const text = settled?.threadTs
    ? await withLink(resultReply(result, settled.approval), settled.approval, web)
    : unaskedResult(result, executionName(executionArn));
  try {
    if (!first && (await findMessage(web, { channel: await directWith(requester, web), since }, mark)))
      return;
    await web.chat.postMessage({ channel: requester, text, metadata: mark, ...quiet });
  } catch (error) {
    if (!UNREACHABLE.includes(slackErrorCode(error) ?? '')) throw error;
    log('requester_unreachable', { requester, ...failureFields(error) });
  }
}

async function directWith(person: string, web: WebClient): Promise<string> {
  const { channel } = await web.conversations.open({ users: person });
  return channel?.id ?? person;
}

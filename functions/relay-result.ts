// Behind the results queue: every ending of an execution comes by here, and only here is it told. The approval takes
// its result, its message the final form, the thread a reply; what was told already is not told again.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import { type Approvals, approvalsTable } from '../aws/approvals-table.ts';
import { type AuditTable, auditTable } from '../aws/audit-table.ts';
import { type Endings, endingsTable } from '../aws/endings-table.ts';
import { environment } from '../aws/environment.ts';
import { executionName, stateMachineOf } from '../aws/executions.ts';
import { log as toStdout, type Log } from '../aws/log.ts';
import { failureFields, refusedBySlack } from '../bot/slack-refusal.ts';
import { postApproval, showApproval, withLink } from '../bot/thread.ts';
import { isForTheChannel, resultReply, unaskedResult } from '../bot/views/result-reply.ts';
import type { Approval, Result } from '../domain/approval.ts';
import { stepEntry } from '../domain/audit.ts';
import { parse, slackUser } from './parse.ts';
import { eachRecord } from './queue-records.ts';
import { slackClient } from './slack-client.ts';
import { putBackIntoQueue, withinRate } from './within-rate.ts';

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
          outcome: v.picklist(['filled', 'failed', 'cancelled']),
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
  readonly endings: Endings;
  readonly slack: () => Promise<WebClient>;
  /** Slack channel id, for results that belong to no approval. */
  readonly channel: string;
  /** ARNs of the state machines whose endings are told. */
  readonly stateMachineArns: readonly string[];
  readonly now: () => Date;
  readonly log: Log;
}

/** An ending as it is told. */
interface Told {
  readonly result: Result;
  readonly executionArn: string;
  /** Where the approval's message stands; absent where there is none, or somebody deleted it. */
  readonly thread: Thread | undefined;
}

interface Thread {
  readonly approval: Approval;
  readonly threadTs: string;
}

export function relayResult(dependencies: RelayResultDependencies) {
  const { endings, stateMachineArns, now, log } = dependencies;
  return async (body: unknown): Promise<void> => {
    // Anybody whom an operator lets may publish on the topic.
    if (!isOurs(body, stateMachineArns)) return log('result_not_ours');
    const { ExecutionId: executionArn, Input: result, EndedAt: at } = parse(resultMessage, body);
    const ending = { executionArn, outcome: result.outcome, at };
    const before = await endings.record(ending, now());
    const thread = await settleAll(executionArn, result, at ?? now().toISOString(), dependencies);
    const told = { result, executionArn, thread };
    if (!before.includes('channel')) {
      await tellChannel(told, dependencies);
      await endings.recordTold(ending, 'channel');
    }
    const requester = thread?.approval.request.requester ?? parse(startedBy, body).Input.requestedBy;
    if (requester && !before.includes('requester') && thread?.approval.decision?.by !== requester) {
      await tellRequester(requester, told, dependencies);
      await endings.recordTold(ending, 'requester');
    }
    log('result_told', {
      execution: executionName(executionArn),
      outcome: result.outcome,
      approval: thread?.approval.id,
    });
  };
}

function isOurs(body: unknown, stateMachineArns: readonly string[]): boolean {
  const read = v.safeParse(v.object({ ExecutionId: v.string() }), body);
  return read.success && stateMachineArns.includes(stateMachineOf(read.output.ExecutionId));
}

/** Settles all that was asked before the end, and shows it. Answers the thread of what was asked last. */
async function settleAll(
  executionArn: string,
  result: Result,
  at: string,
  dependencies: RelayResultDependencies,
): Promise<Thread | undefined> {
  const { approvals } = dependencies;
  const asked = await approvals.ofExecution(executionArn);
  // What was asked later belongs to a redrive.
  const ended = asked.filter(({ askedAt }) => askedAt <= at);
  const anew = asked.find(({ askedAt }) => askedAt > at);
  const last = ended.at(-1);
  let thread: Thread | undefined;
  for (const each of ended.filter((one) => one === last || one.status === 'pending')) {
    await approvals.settle(each, result);
    if (anew) await approvals.recordAgain(each, { at: anew.askedAt });
    thread = await showInThread(each, dependencies);
  }
  return thread;
}

/** Makes the message final, or posts it where it never got posted. Undefined: somebody deleted it. */
async function showInThread(
  key: Approval,
  dependencies: RelayResultDependencies,
): Promise<Thread | undefined> {
  const { approvals, audit, slack, now } = dependencies;
  const thread = { approvals, slack: await slack(), now };
  const approval = await approvals.get(key);
  if (!approval) return undefined;
  // Whoever took a step may have died before it was in the audit.
  for (const index of approval.trail.keys()) await audit.record(stepEntry(approval, index));
  if (!approval.ts) return { approval, threadTs: await postApproval(thread, approval) };
  const shown = await showApproval(thread, approval);
  return shown === 'gone' ? undefined : { approval, threadTs: approval.ts };
}

const quiet = { unfurl_links: false, unfurl_media: false };

async function tellChannel(
  { result, executionArn, thread }: Told,
  { slack, channel }: RelayResultDependencies,
): Promise<void> {
  const { chat } = await slack();
  if (!thread) {
    const text = unaskedResult(result, executionName(executionArn));
    return void (await chat.postMessage({ channel, text, ...quiet }));
  }
  await chat.postMessage({
    channel: thread.approval.channel,
    thread_ts: thread.threadTs,
    reply_broadcast: isForTheChannel(result),
    text: resultReply(result, thread.approval),
    ...quiet,
  });
}

/** Slack's words for a person who cannot be written to: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const UNREACHABLE = ['user_not_found', 'user_disabled', 'cannot_dm_bot', 'messages_tab_disabled'];

/** A direct message from the bot; who left the workspace gets none. */
async function tellRequester(
  requester: string,
  { result, executionArn, thread }: Told,
  { slack, log }: RelayResultDependencies,
): Promise<void> {
  const web = await slack();
  const text = thread
    ? await withLink(resultReply(result, thread.approval), thread.approval, web)
    : unaskedResult(result, executionName(executionArn));
  try {
    await web.chat.postMessage({ channel: requester, text, ...quiet });
  } catch (error) {
    if (!UNREACHABLE.includes(refusedBySlack(error) ?? '')) throw error;
    log('requester_unreachable', { requester, ...failureFields(error) });
  }
}

const client = new DynamoDBClient();
const table = environment('APPROVALS_TABLE');

const work = relayResult({
  approvals: approvalsTable(client, table),
  audit: auditTable(client, environment('AUDIT_TABLE')),
  endings: endingsTable(client, table),
  slack: slackClient(),
  channel: environment('CHANNEL'),
  stateMachineArns: environment('STATE_MACHINE_ARNS').split(','),
  now: () => new Date(),
  log: toStdout,
});

export const handler = eachRecord(withinRate(work, putBackIntoQueue(), toStdout), toStdout);

// Behind the results queue: every ending of an execution comes by here, and only here is it told. The approval takes
// its result, its message the final form, the thread a reply; what was told already is not told again.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import { type Approvals, approvalsTable } from '../aws/approvals-table.ts';
import { type Endings, endingsTable } from '../aws/endings-table.ts';
import { environment } from '../aws/environment.ts';
import { executionName } from '../aws/executions.ts';
import { log as toStdout, type Log } from '../aws/log.ts';
import { postApproval, showApproval } from '../bot/thread.ts';
import { isForTheChannel, resultReply, unaskedResult } from '../bot/views/result-reply.ts';
import type { Approval, Result } from '../domain/approval.ts';
import { parse } from './parse.ts';
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

export interface RelayResultDependencies {
  readonly approvals: Approvals;
  readonly endings: Endings;
  readonly slack: () => Promise<WebClient>;
  /** Slack channel id, for results that belong to no approval. */
  readonly channel: string;
  readonly now: () => Date;
  readonly log: Log;
}

export function relayResult(dependencies: RelayResultDependencies) {
  const { approvals, endings, now, log } = dependencies;
  return async (body: unknown): Promise<void> => {
    const message = parse(resultMessage, body);
    const { ExecutionId: executionArn, Input: result, EndedAt } = message;
    const at = EndedAt ?? now().toISOString();
    const ending = { executionArn, outcome: result.outcome, at: EndedAt };
    const before = await endings.record(ending, now());
    const asked = await approvals.ofExecution(executionArn);
    // What was asked later belongs to a redrive.
    const ended = asked.filter(({ askedAt }) => askedAt <= at);
    const anew = asked.find(({ askedAt }) => askedAt > at);
    const approval = ended.at(-1);
    let thread: Thread | undefined;
    for (const each of ended.filter((one) => one === approval || one.status === 'pending')) {
      await approvals.settle(each, result);
      if (anew) await approvals.recordAgain(each, { at: anew.askedAt });
      thread = await showInThread(each, dependencies);
    }
    if (before === 'told') return;
    const ts = await tell(result, executionArn, thread, dependencies);
    await endings.recordTold(ending, ts);
    log('result_told', {
      execution: executionName(executionArn),
      outcome: result.outcome,
      approval: approval?.id,
    });
  };
}

interface Thread {
  readonly approval: Approval;
  readonly threadTs: string;
}

/** Makes the message final, or posts it where it never got posted. Undefined: somebody deleted it. */
async function showInThread(
  key: Approval,
  dependencies: RelayResultDependencies,
): Promise<Thread | undefined> {
  const { approvals, slack, now } = dependencies;
  const thread = { approvals, slack: await slack(), now };
  const approval = await approvals.get(key);
  if (!approval) return undefined;
  if (!approval.ts) return { approval, threadTs: await postApproval(thread, approval) };
  const shown = await showApproval(thread, approval);
  return shown === 'gone' ? undefined : { approval, threadTs: approval.ts };
}

async function tell(
  result: Result,
  executionArn: string,
  thread: Thread | undefined,
  { slack, channel }: RelayResultDependencies,
): Promise<string> {
  const web = await slack();
  const quiet = { unfurl_links: false, unfurl_media: false };
  const { ts = '' } = thread
    ? await web.chat.postMessage({
        channel: thread.approval.channel,
        thread_ts: thread.threadTs,
        reply_broadcast: isForTheChannel(result),
        text: resultReply(result, thread.approval),
        ...quiet,
      })
    : await web.chat.postMessage({
        channel,
        text: unaskedResult(result, executionName(executionArn)),
        ...quiet,
      });
  return ts;
}

const client = new DynamoDBClient();
const table = environment('APPROVALS_TABLE');

const work = relayResult({
  approvals: approvalsTable(client, table),
  endings: endingsTable(client, table),
  slack: slackClient(),
  channel: environment('CHANNEL'),
  now: () => new Date(),
  log: toStdout,
});

export const handler = eachRecord(withinRate(work, putBackIntoQueue(), toStdout), toStdout);

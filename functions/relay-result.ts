// Behind the results queue: every ending of an execution comes by here, and only here is it told. The approval takes
// its result, its message the final form, the thread a reply; what was told already is not told again.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import { type Approvals, approvalsTable } from '../aws/approvals-table.ts';
import { environment } from '../aws/environment.ts';
import { executionName } from '../aws/executions.ts';
import { log as toStdout, type Log } from '../aws/log.ts';
import { postApproval, showApproval } from '../bot/thread.ts';
import { isForTheChannel, resultReply, unaskedResult } from '../bot/views/result-reply.ts';
import type { Approval, Result } from '../domain/approval.ts';
import { parse } from './parse.ts';
import { eachRecord } from './queue-records.ts';
import { slackClient } from './slack-client.ts';

/** A result that a state or report-failure wrote, or the decision that ended it. The decision comes first. */
const resultMessage = v.object({
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
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
        }),
      }),
      v.transform(({ result }): Result => result),
    ),
  ]),
});

export interface RelayResultDependencies {
  readonly approvals: Approvals;
  readonly slack: () => Promise<WebClient>;
  /** Slack channel id, for results that belong to no approval. */
  readonly channel: string;
  readonly log: Log;
}

export function relayResult(dependencies: RelayResultDependencies) {
  const { approvals, log } = dependencies;
  return async (body: unknown): Promise<void> => {
    const { ExecutionId, Input: result } = parse(resultMessage, body);
    const execution = executionName(ExecutionId);
    const approval = (await approvals.ofExecution(execution)).at(-1);
    if (approval) await approvals.settle(approval, result);
    const threadTs = approval && (await showInThread(approval, dependencies));
    if (await approvals.toldOf(execution, result.outcome)) return;
    const ts = await tell(
      result,
      execution,
      approval && threadTs ? { approval, threadTs } : undefined,
      dependencies,
    );
    await approvals.recordTold(execution, result.outcome, ts);
    log('result_told', { execution, outcome: result.outcome, approval: approval?.id });
  };
}

/** Makes the message final, or posts it where it never got posted; returns its `ts`. */
async function showInThread(
  key: Approval,
  { approvals, slack }: RelayResultDependencies,
): Promise<string | undefined> {
  const thread = { approvals, slack: await slack() };
  const approval = await approvals.get(key);
  if (!approval) return undefined;
  if (!approval.ts) return postApproval(thread, approval);
  await showApproval(thread, approval);
  return approval.ts;
}

interface Thread {
  readonly approval: Approval;
  readonly threadTs: string;
}

async function tell(
  result: Result,
  execution: string,
  thread: Thread | undefined,
  { slack, channel }: RelayResultDependencies,
): Promise<string> {
  const client = await slack();
  const { ts = '' } = thread
    ? await client.chat.postMessage({
        channel: thread.approval.channel,
        thread_ts: thread.threadTs,
        reply_broadcast: isForTheChannel(result),
        text: resultReply(result, thread.approval),
      })
    : await client.chat.postMessage({ channel, text: unaskedResult(result, execution) });
  return ts;
}

export const handler = eachRecord(
  relayResult({
    approvals: approvalsTable(new DynamoDBClient(), environment('APPROVALS_TABLE')),
    slack: slackClient(),
    channel: environment('CHANNEL'),
    log: toStdout,
  }),
  toStdout,
);

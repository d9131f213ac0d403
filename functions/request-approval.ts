// Behind the request queue: stores the approval of a state that waits for its task token, and asks in the channel.
// A message delivered twice finds the approval by the digest of its token, and posts only what was not posted.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import { approvalId, type Approvals, approvalsTable } from '../aws/approvals-table.ts';
import { type Endings, endingsTable } from '../aws/endings-table.ts';
import { environment } from '../aws/environment.ts';
import { executionName } from '../aws/executions.ts';
import { log as toStdout, type Log } from '../aws/log.ts';
import { postApproval, showApproval, type ThreadDependencies } from '../bot/thread.ts';
import type { Approval } from '../domain/approval.ts';
import { digest } from '../domain/digest.ts';
import { answeredBefore, parse, slackUser } from './parse.ts';
import { eachRecord } from './queue-records.ts';
import { slackClient } from './slack-client.ts';
import { putBackIntoQueue, withinRate } from './within-rate.ts';

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
      before: v.optional(answeredBefore),
      requester: v.optional(slackUser),
    }),
  }),
  TaskToken: v.pipe(v.string(), v.nonEmpty()),
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
  EnteredTime: v.pipe(v.string(), v.isoTimestamp()),
});

export interface RequestApprovalDependencies {
  readonly approvals: Approvals;
  readonly endings: Pick<Endings, 'endedSince'>;
  readonly slack: () => Promise<WebClient>;
  /** Slack channel id. */
  readonly channel: string;
  /** Ids of the Slack users and user groups who are asked. */
  readonly approvers: readonly string[];
  /** From this amount on, in USD, an approval is asked for twice. */
  readonly confirmFromUsd: number;
  readonly timeoutSeconds: number;
  readonly now: () => Date;
  readonly log: Log;
}

export function requestApproval(dependencies: RequestApprovalDependencies) {
  const { approvals, endings, slack, channel, approvers, confirmFromUsd, timeoutSeconds, now, log } =
    dependencies;
  return async (body: unknown): Promise<void> => {
    const { Input, TaskToken, ExecutionId, EnteredTime } = parse(requestMessage, body);
    const entered = new Date(EnteredTime);
    const asked: Approval = {
      execution: executionName(ExecutionId),
      id: approvalId(digest(TaskToken)),
      status: 'pending',
      request: Input.request,
      approvers,
      confirm: (Input.request.amount ?? 0) >= confirmFromUsd,
      executionArn: ExecutionId,
      channel,
      askedAt: entered.toISOString(),
      deadline: new Date(entered.getTime() + timeoutSeconds * 1_000).toISOString(),
      revision: 1,
    };
    const created = await approvals.create(asked, TaskToken);
    const approval = created ? asked : await approvals.get(asked);
    if (!approval || approval.ts) return;
    // Stored first, looked second; the relay does it the other way round: so one of the two sees the other.
    const over =
      approval.deadline <= now().toISOString() || (await endings.endedSince(ExecutionId, asked.askedAt));
    if (over) return log('approval_not_asked', { execution: approval.execution, approval: approval.id });
    const thread = { approvals, slack: await slack(), now };
    await postApproval(thread, approval);
    await markSuperseded(approval, thread);
    log('approval_requested', { execution: approval.execution, approval: approval.id });
  };
}

/** What was asked before a redrive says that it is asked anew. An ending told later says so by itself: see the relay. */
async function markSuperseded(approval: Approval, thread: ThreadDependencies): Promise<void> {
  const { approvals } = thread;
  const earlier = (await approvals.ofExecution(approval.executionArn)).filter(
    ({ askedAt, status }) => askedAt < approval.askedAt && status === 'cancelled',
  );
  for (const each of earlier) {
    if (await approvals.recordAgain(each, { at: approval.askedAt })) await showApproval(thread, each);
  }
}

const client = new DynamoDBClient();
const table = environment('APPROVALS_TABLE');

const work = requestApproval({
  approvals: approvalsTable(client, table),
  endings: endingsTable(client, table),
  slack: slackClient(),
  channel: environment('CHANNEL'),
  approvers: environment('APPROVERS').split(','),
  confirmFromUsd: Number(environment('CONFIRM_FROM_USD')),
  timeoutSeconds: Number(environment('APPROVAL_TIMEOUT_SECONDS')),
  now: () => new Date(),
  log: toStdout,
});

export const handler = eachRecord(withinRate(work, putBackIntoQueue(), toStdout), toStdout);

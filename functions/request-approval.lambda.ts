// The Lambda entry of request-approval, behind the request queue.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { approvalsTable } from '../aws/approvals-table.ts';
import { completionsTable } from '../aws/completions-table.ts';
import { environment } from '../aws/environment.ts';
import { describeExecution, executions, failTask } from '../aws/executions.ts';
import { log } from '../aws/log.ts';
import { parameters } from '../aws/parameters.ts';
import { preferencesTable } from '../aws/preferences-table.ts';
import { rateLimiterTable } from '../aws/rate-limiter-table.ts';
import { resolvedApproversTable } from '../aws/resolved-approvers-table.ts';
import { startsTable } from '../aws/starts-table.ts';
import { unpostedNotices } from '../aws/unposted-notices.ts';
import { startedOutsideSlack } from '../domain/policy.ts';
import { firstAttempt } from '../aws/scheduled-attempts.ts';
import { slackClient } from '../slack/slack-client.ts';
import { namedPolicies } from './named-policies.ts';
import { createQueueHandler } from './queue-handler.ts';
import { requestApproval } from './request-approval.ts';
import { requeueToSqs } from './requeue.ts';

const client = new DynamoDBClient();
const sfn = new SFNClient();
const table = environment('APPROVALS_TABLE');
const now = () => new Date();

export const handler = createQueueHandler({
  work: requestApproval({
    approvals: approvalsTable(client, table),
    completions: completionsTable(client, table),
    unpostedNotices: unpostedNotices(client, table),
    resolvedApprovers: resolvedApproversTable(client, table),
    people: preferencesTable(client, table),
    starts: startsTable(client, table),
    startedOutsideSlack: startedOutsideSlack(environment('STARTED_OUTSIDE_SLACK')),
    peopleRules: JSON.parse(environment('PEOPLE_RULES')),
    slack: slackClient(),
    policies: namedPolicies(parameters(new SSMClient(), now), environment('PARAMETERS')),
    describe: (executionArn) => describeExecution(sfn, executionArn),
    firstAttempt: (...attempt) => firstAttempt(sfn, ...attempt),
    executions: executions(sfn, []),
    fail: (taskToken, error, cause) => failTask(sfn, taskToken, error, cause),
    now,
    log,
  }),
  rateLimiter: rateLimiterTable(client, table),
  requeue: requeueToSqs(),
  now,
  log,
});

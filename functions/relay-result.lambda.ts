// The Lambda entry of relay-result, behind the results queue.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { approvalsTable } from '../aws/approvals-table.ts';
import { auditCopies, copyingClient } from '../aws/audit-copies.ts';
import { auditTable } from '../aws/audit-table.ts';
import { completionsTable } from '../aws/completions-table.ts';
import { environment } from '../aws/environment.ts';
import { describeExecution } from '../aws/executions.ts';
import { log } from '../aws/log.ts';
import { parameters } from '../aws/parameters.ts';
import { preferencesTable } from '../aws/preferences-table.ts';
import { progressReports } from '../aws/progress.ts';
import { rateLimiterTable } from '../aws/rate-limiter-table.ts';
import { startsTable } from '../aws/starts-table.ts';
import { identitiesFrom } from '../slack/identities.ts';
import { slackClient } from '../slack/slack-client.ts';
import { namedPolicies } from './named-policies.ts';
import { createQueueHandler } from './queue-handler.ts';
import { relayResult } from './relay-result.ts';
import { requeueToSqs } from './requeue.ts';

const client = new DynamoDBClient();
const sfn = new SFNClient();
const table = environment('APPROVALS_TABLE');
const now = () => new Date();
const slack = slackClient();

export const handler = createQueueHandler({
  work: relayResult({
    approvals: approvalsTable(client, table),
    progress: progressReports(client, table),
    audit: auditTable(client, environment('AUDIT_TABLE')),
    copies: auditCopies(
      copyingClient(),
      environment('AUDIT_BUCKET'),
      environment('AUDIT_LEGAL_HOLD') === 'on',
    ),
    completions: completionsTable(client, table),
    people: preferencesTable(client, table),
    starts: startsTable(client, table),
    describe: (executionArn) => describeExecution(sfn, executionArn),
    slack,
    identityOf: identitiesFrom(slack, now),
    policies: namedPolicies(parameters(new SSMClient(), now), environment('PARAMETERS')),
    now,
    log,
  }),
  rateLimiter: rateLimiterTable(client, table),
  requeue: requeueToSqs(),
  now,
  log,
});

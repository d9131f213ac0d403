// The Lambda entry of relay-result, behind the results queue.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { approvalsTable } from '../aws/approvals-table.ts';
import { auditTable } from '../aws/audit-table.ts';
import { completionsTable } from '../aws/completions-table.ts';
import { environment } from '../aws/environment.ts';
import { log } from '../aws/log.ts';
import { preferencesTable } from '../aws/preferences-table.ts';
import { rateLimiterTable } from '../aws/rate-limiter-table.ts';
import { slackClient } from '../slack/slack-client.ts';
import { createQueueHandler } from './queue-handler.ts';
import { relayResult } from './relay-result.ts';
import { requeueToSqs } from './requeue.ts';

const client = new DynamoDBClient();
const table = environment('APPROVALS_TABLE');
const now = () => new Date();

export const handler = createQueueHandler({
  work: relayResult({
    approvals: approvalsTable(client, table),
    audit: auditTable(client, environment('AUDIT_TABLE')),
    completions: completionsTable(client, table),
    people: preferencesTable(client, table),
    slack: slackClient(),
    channel: environment('CHANNEL'),
    broadcast: environment('BROADCAST').split(','),
    stateMachineArns: environment('STATE_MACHINE_ARNS').split(','),
    now,
    log,
  }),
  rateLimiter: rateLimiterTable(client, table),
  requeue: requeueToSqs(),
  now,
  log,
});

// The Lambda entry of the reconciler, behind the queue to which a schedule sends a message every minute.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { approvalsTable } from '../aws/approvals-table.ts';
import { auditCopies, copyingClient } from '../aws/audit-copies.ts';
import { auditCursor } from '../aws/audit-cursor.ts';
import { auditTable } from '../aws/audit-table.ts';
import { backlogTable } from '../aws/backlog-table.ts';
import { environment } from '../aws/environment.ts';
import { describeExecution, resumeTask, stopExecution } from '../aws/executions.ts';
import { log } from '../aws/log.ts';
import { preferencesTable } from '../aws/preferences-table.ts';
import { rateLimiterTable } from '../aws/rate-limiter-table.ts';
import { resolvedApproversTable } from '../aws/resolved-approvers-table.ts';
import { identitiesFrom } from '../slack/identities.ts';
import { slackClient } from '../slack/slack-client.ts';
import { createQueueHandler } from './queue-handler.ts';
import { reconcile } from './reconcile.ts';

const client = new DynamoDBClient();
const sfn = new SFNClient();
const sns = new SNSClient();
const table = environment('APPROVALS_TABLE');
const TopicArn = environment('RESULTS_TOPIC_ARN');
const now = () => new Date();
const slack = slackClient();

export const handler = createQueueHandler({
  work: reconcile({
    approvals: approvalsTable(client, table),
    audit: auditTable(client, environment('AUDIT_TABLE')),
    auditCursor: auditCursor(client, table),
    copies: auditCopies(
      copyingClient(),
      environment('AUDIT_BUCKET'),
      environment('AUDIT_LEGAL_HOLD') === 'on',
    ),
    resolvedApprovers: resolvedApproversTable(client, table),
    people: preferencesTable(client, table),
    rateLimiter: rateLimiterTable(client, table),
    backlogs: backlogTable(client, table),
    channels: environment('CHANNELS').split(','),
    peopleRules: JSON.parse(environment('PEOPLE_RULES')),
    slack,
    identityOf: identitiesFrom(slack, now),
    executions: { resume: (taskToken, output) => resumeTask(sfn, taskToken, output) },
    describe: (executionArn) => describeExecution(sfn, executionArn),
    stop: (executionArn, cause) => stopExecution(sfn, executionArn, cause),
    publish: async (message) => {
      await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }));
    },
    now,
    log,
  }),
  now,
  log,
});

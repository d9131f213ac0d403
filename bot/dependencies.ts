// Creates the dependencies of the Slack app from the environment variables, and the handler that Lambda calls. Each
// Lambda entry of the bot imports this file before any other.
import { dynamodbConfig, readSecret, stepFunctionsConfig } from './prewarm.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { approvalsTable } from '../aws/approvals-table.ts';
import { auditTable } from '../aws/audit-table.ts';
import { environment } from '../aws/environment.ts';
import { executions } from '../aws/executions.ts';
import { preferencesTable } from '../aws/preferences-table.ts';
import { log } from '../aws/log.ts';
import { resolvedApproversTable } from '../aws/resolved-approvers-table.ts';
import { startsTable } from '../aws/starts-table.ts';
import type { PeopleRules } from '../domain/people-rules.ts';
import { cachedChannels } from '../slack/channel-membership.ts';
import { cachedCheck } from '../slack/check-person.ts';
import { cachedIdentities } from '../slack/identities.ts';
import type { AppDependencies } from './app.ts';
import { streamed } from './invoke-modes.ts';
import { createReceiver } from './receiver.ts';

const dynamodb = new DynamoDBClient(dynamodbConfig);
const now = () => new Date();
const signingSecret = async (maxAge?: number) => (await readSecret(maxAge)).signingSecret;
const peopleRules: PeopleRules = JSON.parse(environment('PEOPLE_RULES'));
const receiver = createReceiver({
  signingSecret,
  slackApiUrl: environment('SLACK_API_URL'),
  now,
  log,
});

export const dependencies: AppDependencies = {
  receiver,
  botToken: async () => (await readSecret()).botToken,
  slackApiUrl: environment('SLACK_API_URL'),
  approvals: approvalsTable(dynamodb, environment('APPROVALS_TABLE')),
  people: preferencesTable(dynamodb, environment('APPROVALS_TABLE')),
  audit: auditTable(dynamodb, environment('AUDIT_TABLE')),
  executions: executions(new SFNClient(stepFunctionsConfig), environment('STATE_MACHINE_ARNS').split(',')),
  approvers: environment('APPROVERS').split(','),
  starts: startsTable(dynamodb, environment('APPROVALS_TABLE')),
  maxRequestsPerHour: Number(environment('MAX_REQUESTS_PER_HOUR')),
  resolvedApprovers: resolvedApproversTable(dynamodb, environment('APPROVALS_TABLE')),
  peopleRules,
  channelsOf: cachedChannels(now, log),
  checkPerson: cachedCheck(peopleRules.guests, now),
  identityOf: cachedIdentities(now),
  command: { name: environment('COMMAND'), execution: 'my-execution', starts: false },
  now,
  log,
};

/** Must match the invoke mode of the Function URL. The stack sets both. */
export const handler =
  environment('INVOKE_MODE') === 'BUFFERED' ? receiver.handler : streamed(receiver.receive);

// What the bot's entries have in common: what the app needs, from the environment, and the handler that Lambda calls. An
// entry imports it before anything else, and makes its app of it.
import { secret, toDynamoDB, toStepFunctions } from './prewarm.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { approvalsTable } from '../aws/approvals-table.ts';
import { auditTable } from '../aws/audit-table.ts';
import { environment } from '../aws/environment.ts';
import { executions } from '../aws/executions.ts';
import { preferencesTable } from '../aws/preferences-table.ts';
import { log } from '../aws/log.ts';
import type { AppDependencies } from './app.ts';
import { streamed } from './invoke-modes.ts';
import { createReceiver } from './receiver.ts';

const dynamodb = new DynamoDBClient(toDynamoDB);
const now = () => new Date();
const signingSecret = async (maxAge?: number) => (await secret(maxAge)).signingSecret;
const receiver = createReceiver({ signingSecret, now, log });

export const dependencies: AppDependencies = {
  receiver,
  botToken: async () => (await secret()).botToken,
  slackApiUrl: environment('SLACK_API_URL'),
  approvals: approvalsTable(dynamodb, environment('APPROVALS_TABLE')),
  people: preferencesTable(dynamodb, environment('APPROVALS_TABLE')),
  audit: auditTable(dynamodb, environment('AUDIT_TABLE')),
  executions: executions(new SFNClient(toStepFunctions), environment('STATE_MACHINE_ARNS').split(',')),
  approvers: environment('APPROVERS').split(','),
  command: { name: environment('COMMAND'), execution: 'my-execution', starts: false },
  now,
  log,
};

/** The stack gives the Function URL the mode that it names here. */
export const handler =
  environment('INVOKE_MODE') === 'BUFFERED' ? receiver.handler : streamed(receiver.receive);

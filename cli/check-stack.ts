// `countersign check --stack NAME`: checks a deployed stack from its outputs alone: the secret, the Slack app, the
// channels, the tables and the bucket, and how the bot answers. It changes nothing and posts nothing.
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { approvalsTable } from '../aws/approvals-table.ts';
import { auditTable } from '../aws/audit-table.ts';
import type { SlackSecret } from '../aws/slack-secret.ts';
import { readAppManifest } from './app-manifest.ts';
import { awsRemedy, messageOf } from './aws-remedy.ts';
import { type Check, type Found, reportChecks, say } from './check.ts';
import { checkRequests } from './check-requests.ts';
import { readSecret } from './secret.ts';
import { readStackOutputs, type StackOutputs } from './stack-outputs.ts';
import { Stopped } from './usage-error.ts';
import { checkWorkspace } from './workspace/check-workspace.ts';
import { slackApiUrl } from './workspace/slack-api-url.ts';

export const checkUsage = 'npx countersign check --stack MyStack';

/** Pending approvals are counted up to this number. */
const MAX_COUNTED = 100;

export async function checkStack(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { stack: { type: 'string' } } });
  const apiUrl = slackApiUrl(process.env, 'https://slack.com/api/');
  const outputs = await readStackOutputs(values.stack);
  say(`Stack ${outputs.stack} in ${outputs.region}\n`);
  const failed = await reportChecks(checks(outputs, apiUrl));
  if (failed.length > 0)
    throw new Stopped('\nSome checks failed (✗). Nothing was changed. Fix them and run this command again.');
  say('\nAll checks passed.');
}

async function* checks(outputs: StackOutputs, apiUrl: string): AsyncGenerator<Check> {
  yield* checkStorage(outputs);
  const { stack, secretName, channels, botUrl } = outputs;
  let secret: SlackSecret | undefined;
  yield await checkOf(`secret ${secretName}`, async () => {
    const stored = await readSecret(new SecretsManagerClient(), secretName);
    if (stored.state === 'filled') {
      ({ secret } = stored);
      return 'filled';
    }
    const remedy =
      stored.state === 'deleted'
        ? `Restore it: aws secretsmanager restore-secret --secret-id ${secretName}`
        : `Fill it: npx countersign setup --stack ${stack}`;
    return {
      found: { none: 'does not exist', empty: 'empty', deleted: 'scheduled for deletion' }[stored.state],
      remedy,
    };
  });
  if (!secret) return;
  yield* checkWorkspace({
    botToken: secret.botToken,
    scopes: readAppManifest().oauth_config.scopes.bot,
    channels,
    people: [],
    guests: 'none',
    setup: `npx countersign setup --stack ${stack}`,
    slackApiUrl: apiUrl,
  });
  yield* checkRequests(botUrl, secret.signingSecret);
}

async function* checkStorage(outputs: StackOutputs): AsyncGenerator<Check> {
  const tables = new DynamoDBClient();
  yield await checkOf(`table ${outputs.approvalsTable}`, async () => {
    const { approvals, next } = await approvalsTable(tables, outputs.approvalsTable).pending(MAX_COUNTED);
    return `${next ? 'more than ' : ''}${approvals.length} pending`;
  });
  yield await checkOf(`table ${outputs.auditTable}`, async () => {
    const month = new Date().toISOString().slice(0, 7);
    for await (const _entry of auditTable(tables, outputs.auditTable).ofMonth(month))
      return 'has entries of this month';
    return 'no entry this month';
  });
  yield await checkOf(`bucket ${outputs.auditBucket}`, async () => {
    const command = new ListObjectVersionsCommand({ Bucket: outputs.auditBucket, MaxKeys: 1 });
    const { Versions = [] } = await new S3Client().send(command);
    return Versions.length > 0 ? 'has copies of the audit' : 'no copies of the audit yet';
  });
}

async function checkOf(what: string, run: () => Promise<Found>): Promise<Check> {
  try {
    const found = await run();
    return { what, ...(typeof found === 'string' ? { found } : found) };
  } catch (error) {
    return { what, found: messageOf(error), remedy: awsRemedy(error) };
  }
}

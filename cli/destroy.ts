// `npm run destroy`: shows what will be deleted, what remains and how many approvals are pending, then deletes the
// stack. The operator must type the stack's name to confirm, unless `--yes` is passed.
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { approvalsTable } from '../aws/approvals-table.ts';
import { useRegion } from './aws-region.ts';
import { promptOnce } from './prompt.ts';
import { cdk } from './cdk.ts';
import { readEnvFile } from './env-file.ts';
import { tablesOf } from './left-over.ts';
import { say } from './check.ts';
import { asArguments, parseSettings } from './workspace/env-settings.ts';
import { parseContext, settingsOf } from './settings.ts';
import { exitWithError, Stopped, UsageError } from './usage-error.ts';

/** Pending approvals are counted up to this number per table. */
const MAX_COUNTED = 100;

const USAGE = 'npm run destroy -- [--yes] [-c stage=prod]';

try {
  useRegion();
  const { values } = parseArgs({
    options: {
      yes: { type: 'boolean', default: false },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
    },
  });
  const given = { ...parseSettings(readEnvFile('.env')['SETTINGS']), ...parseContext(values.context) };
  const { stage } = settingsOf(given);
  const stack = `Countersign-${stage}`;
  say(`Looking for the tables of ${stack} …`);
  const tables = await tablesOf(stack);
  if (tables.length === 0)
    throw new UsageError(
      `There is no ${stack} in this account and region. If it is elsewhere, export AWS_PROFILE=… AWS_REGION=…; if you mean another stage, pass it, such as -c stage=prod.`,
    );
  say(summaryOf(tables));
  const pending = await countPending(tables);
  if (pending !== '0')
    say(
      `   ! Pending approvals: ${pending}. Nobody can decide them once the stack is deleted; their executions expire.\n`,
    );
  if (!values.yes && (await promptOnce(`Type ${stack} to delete it`, '--yes', '')) !== stack)
    throw new Stopped('Nothing was changed.');
  say(`Deleting ${stack} …`);
  await cdk(['destroy', stack, '--force', ...asArguments(given)]);
  say(`\n${stack} is deleted. These tables remain: ${tables.join(', ')}`);
} catch (error) {
  exitWithError(error, USAGE);
}

/** Counts in all approvals tables, because the table of an earlier stack with the same name may still exist. */
async function countPending(tables: readonly string[]): Promise<string> {
  const client = new DynamoDBClient();
  let count = 0;
  for (const table of tables.filter((name) => name.includes('SlackApprovalsStorageApprovals'))) {
    const { approvals, next } = await approvalsTable(client, table).pending(MAX_COUNTED);
    if (next) return `more than ${MAX_COUNTED}`;
    count += approvals.length;
  }
  return String(count);
}

function summaryOf(tables: readonly string[]): string {
  return `
   deleted  functions, queues and their messages, the topic, alarms, logs, the state machine and its history
   deleted  the secret; AWS keeps it for up to 30 days, and its name cannot be used again until then
   kept     ${tables.join('\n            ')}
            These tables record who approved what, and what was done. They only cost storage. They are protected
            from deletion; docs/guides/deploy-aws.md has the commands that delete one.
   kept     the bucket with the copies of the audit, and its policy; S3 keeps each copy until its retention ends
   kept     the Slack app, which will no longer answer; delete it at https://api.slack.com/apps
`;
}

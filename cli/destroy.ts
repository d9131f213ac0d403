// `npm run destroy`: says what goes, what stays and why, and who still waits; then takes the stack away, once somebody has
// typed its name.
import { parseArgs } from 'node:util';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { approvalsTable } from '../aws/approvals-table.ts';
import { useRegion } from './aws-region.ts';
import { promptOnce } from './prompt.ts';
import { cdk } from './cdk.ts';
import { readEnvFile } from './env-file.ts';
import { say } from './check.ts';
import { asArguments, parseSettings } from './workspace/env-settings.ts';
import { parseContext, settingsOf } from './settings.ts';
import { exitWithError, Stopped, UsageError } from './usage-error.ts';

/** More than so many that wait are not counted. */
const PAGE = 100;

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
  const tables = await tablesOf(stack);
  if (tables.length === 0)
    throw new UsageError(`There is no ${stack} in this account and region. Is AWS_REGION that of the stack?`);
  say(goesAndStays(tables));
  const waiting = await waitingIn(tables);
  if (waiting !== '0')
    say(`   ! ${waiting} wait for a decision. Nobody can decide them afterwards; their executions expire.\n`);
  if (!values.yes && (await promptOnce(`Type ${stack} to take it away`, '--yes', '')) !== stack)
    throw new Stopped('Nothing was changed.');
  await cdk(['destroy', stack, '--force', ...asArguments(given)]);
  say(`\n${stack} is gone. These tables are kept: ${tables.join(', ')}`);
} catch (error) {
  exitWithError(error, USAGE);
}

async function tablesOf(stack: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client: new DynamoDBClient() }, {}))
    names.push(...TableNames.filter((name) => isOf(stack, name)));
  return names;
}

/** The stage `dev` is not `dev-2`. */
function isOf(stack: string, table: string): boolean {
  return ['SlackApprovals', 'TradingWorkflow'].some((part) => table.startsWith(`${stack}-${part}`));
}

/** Of an earlier stack of this name a table may be there too. */
async function waitingIn(tables: readonly string[]): Promise<string> {
  const client = new DynamoDBClient();
  let waiting = 0;
  for (const table of tables.filter((name) => name.includes('SlackApprovalsStorageApprovals'))) {
    const { approvals, next } = await approvalsTable(client, table).pending(PAGE);
    if (next) return `More than ${PAGE}`;
    waiting += approvals.length;
  }
  return String(waiting);
}

function goesAndStays(tables: readonly string[]): string {
  return `
   goes    functions, queues with what is in them, the topic, the alarms, logs, the state machine with its history
   goes    the secret; AWS keeps a deleted one for up to 30 days, and as long as it does, the name is taken
   stays   ${tables.join('\n           ')}
           They are the record of who allowed what, and of what was done. They cost storage alone; who wants them gone
           deletes them by hand, the audit after taking off its deletion protection.
   stays   the Slack app: delete it at https://api.slack.com/apps, or it answers nobody
`;
}

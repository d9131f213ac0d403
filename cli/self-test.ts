// Tests a deployed stack from outside: sends the bot an unsigned and a signed request, and starts an execution that
// requests approval in the channel. `npm run deploy` calls it last.
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { approvalsTable } from '../aws/approvals-table.ts';
import type { Check } from './check.ts';
import { checkRequests } from './check-requests.ts';

/** CloudFormation outputs of the stack, by name. */
export type Outputs = Readonly<Record<string, string | undefined>>;

/** Time limit for the execution to post its request. */
const TIMEOUT_MS = 60_000;

/**
 * @param signingSecret from the secret in AWS; this test cannot check that Slack has the same signing secret
 * @param isSilent true to start no execution, so that nothing is posted in the channel
 */
export async function* selfTest(
  outputs: Outputs,
  signingSecret: string,
  isSilent: boolean,
): AsyncGenerator<Check> {
  yield* checkRequests(outputs['BotUrl'] ?? '', signingSecret);
  if (!isSilent) yield await checkExecution(outputs);
}

/** Starts an execution without a requester, so that any approver can decide its request. */
async function checkExecution({
  StateMachineArn,
  ApprovalsTable = '',
  Symbols = '',
}: Outputs): Promise<Check> {
  const what = 'a test execution';
  const states = new SFNClient();
  const input = {
    symbol: Symbols.split(',')[0],
    quantity: 1,
    note: 'Is this working? Decline it, and nothing is traded.',
  };
  const { executionArn = '' } = await states.send(
    new StartExecutionCommand({ stateMachineArn: StateMachineArn, input: JSON.stringify(input) }),
  );
  const approvals = approvalsTable(new DynamoDBClient(), ApprovalsTable);
  for (const until = Date.now() + TIMEOUT_MS; Date.now() < until; await pause(1_000)) {
    const [approval] = await approvals.ofExecution(executionArn);
    if (approval?.ts)
      return { what, found: `posted its request in channel ${approval.channel}; decline it there` };
    const { status, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING')
      return { what, found: `${status}: ${cause}`, remedy: `See the execution ${executionArn}` };
  }
  const remedy =
    'Usually the app is not in the channel: type /invite @Countersign there. Otherwise see the dead-letter queue and the logs, as described in docs/operations/runbook.md.';
  return { what, found: `posted no request within ${TIMEOUT_MS / 1_000} seconds`, remedy };
}

// Tests a deployed stack from outside: sends the bot an unsigned and a signed request, and starts an execution that
// requests approval in the channel. `npm run deploy` calls it last.
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { approvalsTable } from '../aws/approvals-table.ts';
import type { Check } from './check.ts';

/** CloudFormation outputs of the stack, by name. */
export type Outputs = Readonly<Record<string, string | undefined>>;

/** Time limit for the bot to answer, and for the execution to post its request. */
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
  const { BotUrl = '' } = outputs;
  yield await checkStatus('an unsigned request', 401, () => sendRequest(BotUrl, undefined));
  yield await checkStatus('a request signed with the secret in AWS', 200, () =>
    sendRequest(BotUrl, signingSecret),
  );
  if (!isSilent) yield await checkExecution(outputs);
}

/** Retries network errors, because DNS may not resolve a new address at once. */
async function checkStatus(what: string, expected: number, request: () => Promise<number>): Promise<Check> {
  for (const until = Date.now() + TIMEOUT_MS; ; await pause(1_000)) {
    try {
      return compareStatus(what, await request(), expected);
    } catch (error) {
      if (Date.now() < until) continue;
      const found = `no answer (${error instanceof Error ? error.message : String(error)})`;
      return { what, found, remedy: 'Check the network, and run this command again.' };
    }
  }
}

function compareStatus(what: string, status: number, expected: number): Check {
  const found = `answered ${status}`;
  if (status === expected) return { what, found };
  return {
    what,
    found,
    remedy: `Expected ${expected}. See the log of the function Bot, as described in docs/operating.md.`,
  };
}

/**
 * Sends the request with which Slack verifies the address of an app. The bot checks its signature, answers it and does
 * nothing else: https://docs.slack.dev/reference/events/url_verification
 */
async function sendRequest(url: string, signingSecret: string | undefined): Promise<number> {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'self-test' });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const digest = createHmac('sha256', signingSecret ?? '')
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  const signed = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(signingSecret === undefined ? {} : signed),
    },
  });
  return response.status;
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
    'Usually the app is not in the channel: type /invite @Countersign there. Otherwise see the dead-letter queue and the logs, as described in docs/operating.md.';
  return { what, found: `posted no request within ${TIMEOUT_MS / 1_000} seconds`, remedy };
}

// Whether what was deployed works, tried from outside as Slack and an operator would: a request with a signature and one
// without, and an execution that asks in the channel whether this works. Deploy ends with it.
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { approvalsTable } from '../aws/approvals-table.ts';
import type { Check } from './check.ts';

/** Outputs of the stack, by name. */
export type Outputs = Readonly<Record<string, string | undefined>>;

/** Milliseconds for an execution to begin, look up a price and ask. */
const TIMEOUT_MS = 60_000;

/** @param signingSecret as AWS has it: that it is Slack's too, only a press in Slack shows */
export async function* selfTest(
  outputs: Outputs,
  signingSecret: string,
  isSilent: boolean,
): AsyncGenerator<Check> {
  const { BotUrl = '' } = outputs;
  yield await answered('a request that nobody signed', 401, () => requested(BotUrl, undefined));
  yield await answered('a request signed with the secret in AWS', 200, () =>
    requested(BotUrl, signingSecret),
  );
  if (!isSilent) yield await asked(outputs);
}

/** A new address may not be known to the network at once. */
async function answered(what: string, prompt: number, ask: () => Promise<number>): Promise<Check> {
  for (const until = Date.now() + TIMEOUT_MS; ; await pause(1_000)) {
    try {
      return expected(what, await ask(), prompt);
    } catch (error) {
      if (Date.now() < until) continue;
      const found = `has no answer (${error instanceof Error ? error.message : String(error)})`;
      return { what, found, remedy: 'Is the network there? Run this again in a moment.' };
    }
  }
}

function expected(what: string, status: number, prompt: number): Check {
  const found = `answered ${status}`;
  if (status === prompt) return { what, found };
  return {
    what,
    found,
    remedy: `It should be ${prompt}. The log of the function Bot says why: docs/operating.md`,
  };
}

/** Slack's check of a certificate, which does nothing: https://docs.slack.dev/interactivity/implementing-slash-commands */
async function requested(url: string, signingSecret: string | undefined): Promise<number> {
  const body = 'ssl_check=1&token=none';
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const digest = createHmac('sha256', signingSecret ?? '')
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  const signed = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(signingSecret === undefined ? {} : signed),
    },
  });
  return response.status;
}

/** Nobody asked for it, so anybody who may approve may decide; whoever declines it trades nothing. */
async function asked({ StateMachineArn, ApprovalsTable = '', Symbols = '' }: Outputs): Promise<Check> {
  const what = 'an execution that asks';
  const states = new SFNClient();
  const input = {
    symbol: Symbols.split(',')[0],
    quantity: 1,
    note: 'Is this working? Decline it: then nothing is traded.',
  };
  const { executionArn = '' } = await states.send(
    new StartExecutionCommand({ stateMachineArn: StateMachineArn, input: JSON.stringify(input) }),
  );
  const approvals = approvalsTable(new DynamoDBClient(), ApprovalsTable);
  for (const until = Date.now() + TIMEOUT_MS; Date.now() < until; await pause(1_000)) {
    const [approval] = await approvals.ofExecution(executionArn);
    if (approval?.ts) return { what, found: `stands in the channel ${approval.channel}; decline it there` };
    const { status, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING')
      return { what, found: `${status}: ${cause}`, remedy: `Look at ${executionArn}` };
  }
  const remedy =
    'Its dead letters and logs say why, docs/operating.md; most often the app is not in the channel: /invite @Countersign';
  return { what, found: `was not asked in the channel within ${TIMEOUT_MS / 1_000} seconds`, remedy };
}

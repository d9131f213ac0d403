// Calls that several cases make: starts executions and reads how they end, reads messages, and names refusals.
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { SendMessageCommand, type SendMessageCommandInput } from '@aws-sdk/client-sqs';
import type { Aws } from './aws.ts';

/** A record as Lambda gets it from a queue. */
export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** Calls `look` until it returns a value. Throws after this many seconds. */
export async function until<Found>(
  aws: Aws,
  what: string,
  look: () => Promise<Found | undefined>,
  seconds = 60,
): Promise<Found> {
  await aws.wait(0);
  for (let waited = 0; waited <= seconds; waited += 0.5) {
    const found = await look();
    if (found !== undefined) return found;
    await aws.wait(0.5);
  }
  throw new Error(`${what} did not come within ${seconds} s`);
}

/** Starts an execution and returns its ARN. */
export async function start(
  aws: Aws,
  machine: string,
  input: unknown = {},
  name = aws.unique(machine),
): Promise<string> {
  const stateMachineArn = aws.name(machine);
  const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
  const { executionArn = '' } = await aws.states.send(command);
  return executionArn;
}

/** Waits for the end of the execution. Returns its status, its parsed output, its error and its cause. */
export async function ended(aws: Aws, executionArn: string) {
  return until(aws, `the end of ${executionArn}`, async () => {
    const described = await aws.states.send(new DescribeExecutionCommand({ executionArn }));
    const { status, output, error, cause } = described;
    if (status === 'RUNNING') return undefined;
    return {
      status,
      ...(output !== undefined && { output: parsed(output) }),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    };
  });
}

export async function run(aws: Aws, machine: string, input: unknown = {}) {
  return ended(aws, await start(aws, machine, input));
}

export async function history(aws: Aws, executionArn: string): Promise<readonly HistoryEvent[]> {
  const { events = [] } = await aws.states.send(new GetExecutionHistoryCommand({ executionArn }));
  return events;
}

/** The record of the nth receive of the message with this marker. */
export async function received(aws: Aws, marker: string, nth = 1, seconds?: number): Promise<QueueRecord> {
  const look = () => receivedYet(aws, marker, nth);
  return until(aws, `receive ${nth} of the message ${marker}`, look, seconds);
}

/** The same without waiting; undefined if it has not come. */
export async function receivedYet(aws: Aws, marker: string, nth = 1): Promise<QueueRecord | undefined> {
  const { Item } = await aws.tables.send(
    new GetItemCommand({
      TableName: aws.name('TableName'),
      Key: { id: { S: `${marker} #${nth}` } },
      ConsistentRead: true,
    }),
  );
  return Item?.['record']?.S === undefined ? undefined : JSON.parse(Item['record'].S);
}

/** Starts an execution that waits for its task token, and returns the token with the message that brought it. */
export async function ask(aws: Aws, machine = 'Ask') {
  const marker = aws.unique('ask');
  const executionArn = await start(aws, machine, { marker });
  const body = await question(aws, marker);
  return { marker, executionArn, body, taskToken: body.token };
}

export interface QuestionBody {
  readonly token: string;
  readonly execution: string;
  readonly name: string;
  readonly state: string;
  readonly entered: string;
}

export async function question(aws: Aws, marker: string, nth = 1): Promise<QuestionBody> {
  return JSON.parse((await received(aws, marker, nth)).body);
}

/** Sends a message and returns its marker. Members of `how` tell the function behind the queue what to do. */
export async function send(
  aws: Aws,
  how: Readonly<Record<string, unknown>> = {},
  more: Partial<SendMessageCommandInput> = {},
): Promise<string> {
  const marker = aws.unique('message');
  const MessageBody = JSON.stringify({ marker, ...how });
  await aws.queues.send(new SendMessageCommand({ QueueUrl: aws.name('QueueUrl'), MessageBody, ...more }));
  return marker;
}

/** Returns the error code with which the call is refused, or `accepted`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'accepted';
  } catch (error) {
    return codeOf(error);
  }
}

interface Refused {
  readonly name?: string;
  /** The code in the header x-amzn-query-error of SQS and in the XML of SNS. It differs from the exception's name. */
  readonly Code?: string;
  readonly Error?: { readonly Code?: string };
}

function codeOf(error: unknown): string {
  const { name, Code, Error: inner }: Refused = Object(error);
  return inner?.Code ?? Code ?? name ?? String(error);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// Reads what the operator's commands need from the outputs of a deployed stack, so that they work for the stack of any app
// with a `SlackApprovals`. The commands with `--stack` call it.
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
} from '@aws-sdk/client-cloudformation';
import { awsRemedy, messageOf } from './aws-remedy.ts';
import { progress } from './check.ts';
import { Stopped, UsageError } from './usage-error.ts';

export interface StackOutputs {
  readonly stack: string;
  readonly region: string;
  readonly botUrl: string;
  /** Ids of the Slack channels where approvals are requested. */
  readonly channels: readonly string[];
  readonly secretName: string;
  readonly approvalsTable: string;
  readonly auditTable: string;
  readonly auditBucket: string;
}

type Outputs = Readonly<Record<string, string>>;

const NAMES = ['BotUrl', 'Channels', 'SecretName', 'ApprovalsTable', 'AuditTable', 'AuditBucket'];

/** @param stack undefined if the operator did not pass `--stack` */
export async function readStackOutputs(stack: string | undefined): Promise<StackOutputs> {
  const client = new CloudFormationClient();
  const region = await answered(() => client.config.region());
  if (!stack) throw new UsageError(`--stack is missing. ${await stacksWithApprovals(client, region)}`);
  progress(`Reading the outputs of the stack ${stack} in ${region} …`);
  const outputs = await outputsOf(client, stack, region);
  const missing = NAMES.filter((name) => !outputs[name]);
  if (missing.length > 0)
    throw new UsageError(
      `The stack ${stack} in ${region} has no output ${missing.join(', ')}, so it has no SlackApprovals of this version. ${await stacksWithApprovals(client, region)} Otherwise deploy it with this version.`,
    );
  const value = (name: string) => outputs[name] ?? '';
  return {
    stack,
    region,
    botUrl: value('BotUrl'),
    channels: value('Channels').split(/\s*,\s*/),
    secretName: value('SecretName'),
    approvalsTable: value('ApprovalsTable'),
    auditTable: value('AuditTable'),
    auditBucket: value('AuditBucket'),
  };
}

async function outputsOf(client: CloudFormationClient, stack: string, region: string): Promise<Outputs> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return asObject(Stacks[0]?.Outputs);
  } catch (error) {
    // As reported: https://github.com/boto/boto3/issues/2807
    if (!/does not exist/.test(messageOf(error)))
      throw stopped(`The stack ${stack} could not be read: `, error);
    throw new UsageError(
      `There is no stack ${stack} in ${region}. ${await stacksWithApprovals(client, region)}`,
    );
  }
}

/** Names the stacks that the operator may mean. */
async function stacksWithApprovals(client: CloudFormationClient, region: string): Promise<string> {
  const names: string[] = [];
  try {
    for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
      for (const { StackName = '', Outputs: outputs } of Stacks)
        if (NAMES.every((name) => name in asObject(outputs))) names.push(StackName);
  } catch (error) {
    return `The stacks of the account could not be listed: ${messageOf(error)}. ${awsRemedy(error)}`;
  }
  const found =
    names.length === 0
      ? `No stack in ${region} has a SlackApprovals.`
      : `Stacks with a SlackApprovals in ${region}: ${names.join(', ')}.`;
  return `${found} If the stack is in another region, export AWS_REGION=…`;
}

function asObject(
  outputs: readonly { OutputKey?: string | undefined; OutputValue?: string | undefined }[] = [],
): Outputs {
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw stopped('', error);
  }
}

function stopped(what: string, error: unknown): Stopped {
  return new Stopped(`${what}${messageOf(error)}\n${awsRemedy(error)}`);
}

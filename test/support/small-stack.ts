// A small stack for the tests of the local cloud: writes a cloud assembly with the given resources and bundled
// functions, starts the cloud with it, and returns real SDK clients.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { buildSync } from 'esbuild';
import { onTestFinished } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { startCloud } from '../../local/cloud/index.ts';
import { type Persistence, noPersistence } from '../../local/persistence.ts';

export type Resources = Record<string, { Type: string; Properties?: object; [attribute: string]: unknown }>;

interface Stack {
  /** TypeScript of each function's `index`, by the logical id of the function. */
  readonly functions?: Readonly<Record<string, string>>;
  readonly resources?: Resources;
  readonly outputs?: Readonly<Record<string, object>>;
  /** More sections of the template, such as Parameters and Conditions. */
  readonly sections?: Readonly<Record<string, object>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly persistence?: Persistence;
}

export type Logged = Readonly<Record<string, unknown>>;

export async function startWorld({
  functions = {},
  resources = {},
  outputs = {},
  sections = {},
  environment = {},
  persistence = noPersistence,
}: Stack) {
  const clock = createClock();
  const logged: Logged[] = [];
  const cloud = await startCloud({
    assembly: writeAssembly(functions, resources, outputs, sections),
    clock,
    port: 0,
    persistence,
    environment: () => environment,
    log: (event) => logged.push(event),
  });
  onTestFinished(() => cloud.close());
  const client = {
    endpoint: cloud.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'any' },
    maxAttempts: 1,
  };
  return {
    cloud,
    clock,
    logged,
    events: (name: string) => logged.filter(({ event }) => event === name),
    states: new SFNClient(client),
    queues: new SQSClient(client),
    topics: new SNSClient(client),
    tables: new DynamoDBClient(client),
    secrets: new SecretsManagerClient(client),
    functions: new LambdaClient(client),
    parameters: new SSMClient(client),
  };
}

export const getAtt = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });
export const ref = (id: string) => ({ Ref: id });

/** A state machine `Machine` whose definition may name resources as `${…}`. */
export function machine(
  states: object,
  more: { readonly substitutions?: object; readonly topLevel?: object } = {},
): Resources {
  const [first] = Object.keys(states);
  const definition = { StartAt: first, ...more.topLevel, States: states };
  return {
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'machine',
        DefinitionString: JSON.stringify(definition),
        DefinitionSubstitutions: more.substitutions ?? {},
        RoleArn: getAtt('Role', 'Arn'),
      },
    },
  };
}

export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';

/** A queue `id` that `worker` gets its messages from and everybody may send to, with dead letters behind it. */
export function workQueue(id: string, worker: string): Resources {
  const redrive = { deadLetterTargetArn: getAtt(`${id}DeadLetters`, 'Arn'), maxReceiveCount: 2 };
  return {
    [id]: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: id, VisibilityTimeout: 60, RedrivePolicy: redrive },
    },
    [`${id}DeadLetters`]: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${id}DeadLetters` } },
    [`${id}Policy`]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [ref(id)],
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: getAtt(id, 'Arn') },
          ],
        },
      },
    },
    [`${id}Delivery`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: getAtt(id, 'Arn'),
        FunctionName: ref(worker),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
  };
}

/** A role `id` for functions and state machines, with one policy. `Role` is theirs, and may do everything. */
export function role(id: string, statements: readonly object[]): Resources {
  const trust = {
    Effect: 'Allow',
    Principal: { Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] },
    Action: 'sts:AssumeRole',
  };
  return {
    [id]: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: id, AssumeRolePolicyDocument: { Statement: [trust] } },
    },
    [`${id}Policy`]: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [ref(id)], PolicyDocument: { Statement: statements } },
    },
  };
}

/** A URL `${worker}Url` that anybody may call. */
export function publicUrl(worker: string, invokeMode = 'BUFFERED'): Resources {
  const permission = { FunctionName: getAtt(worker, 'Arn'), Principal: '*' };
  return {
    [`${worker}Url`]: {
      Type: 'AWS::Lambda::Url',
      Properties: {
        AuthType: 'NONE',
        InvokeMode: invokeMode,
        TargetFunctionArn: getAtt(worker, 'Arn'),
      },
    },
    [`${worker}UrlOpen`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: { ...permission, Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
    },
    [`${worker}Open`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: { ...permission, Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    },
  };
}

export function writeAssembly(
  functions: Readonly<Record<string, string>>,
  resources: Resources,
  outputs: object = {},
  sections: object = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-'));
  const files: Record<string, object> = {};
  const all: Resources = { ...role('Role', [{ Effect: 'Allow', Action: '*', Resource: '*' }]), ...resources };
  for (const [id, source] of Object.entries(functions)) {
    bundle(folder, id, source);
    files[id] = {
      source: { path: `asset.${id}`, packaging: 'zip' },
      destinations: { here: { objectKey: `${id}.zip` } },
    };
    all[id] = merged(functionResource(id), resources[id]);
  }
  const artifacts = {
    Small: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Small.template.json' } },
    'Small.assets': { type: 'cdk:asset-manifest', properties: { file: 'Small.assets.json' } },
  };
  write(folder, 'manifest.json', { version: '55.0.0', artifacts });
  write(folder, 'Small.assets.json', { version: '55.0.0', files });
  write(folder, 'Small.template.json', { ...sections, Resources: all, Outputs: outputs });
  return folder;
}

function bundle(folder: string, id: string, contents: string): void {
  mkdirSync(join(folder, `asset.${id}`));
  buildSync({
    stdin: { contents, loader: 'ts', resolveDir: import.meta.dirname },
    outfile: join(folder, `asset.${id}`, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
}

function functionResource(id: string) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: id,
      Code: { S3Bucket: 'assets', S3Key: `${id}.zip` },
      Handler: 'index.handler',
      Role: getAtt('Role', 'Arn'),
      Runtime: 'nodejs24.x',
      Timeout: 5,
    },
  };
}

function merged(
  resource: ReturnType<typeof functionResource>,
  more: Resources[string] | undefined,
): Resources[string] {
  return { ...resource, Properties: { ...resource.Properties, ...more?.Properties } };
}

function write(folder: string, file: string, content: object): void {
  writeFileSync(join(folder, file), JSON.stringify(content));
}

type World = Awaited<ReturnType<typeof startWorld>>;

/** Starts an execution of `Machine`, lets it settle, and answers its ARN. */
export async function run({ states, cloud }: World, input: object = {}, name = 'one'): Promise<string> {
  const command = new StartExecutionCommand({
    stateMachineArn: machineArn,
    name,
    input: JSON.stringify(input),
  });
  const { executionArn = '' } = await states.send(command);
  await cloud.settled();
  return executionArn;
}

export async function ending({ states }: World, executionArn: string) {
  const { status, output, error, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
  return { status, output: output === undefined ? undefined : JSON.parse(output), error, cause };
}

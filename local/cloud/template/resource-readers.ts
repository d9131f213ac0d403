// One reader for each resource type that the local cloud runs. A reader returns the resource's properties as a typed
// value, and refuses unsupported values by name. `readModel` applies the readers.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkPattern } from '../services/eventbridge/event-pattern.ts';
import { expectOnly, type Named } from './named-resource.ts';
import { readBucket } from './buckets.ts';
import { readParameter } from './parameters.ts';
import { readBucketPolicy, readManagedPolicies, readPermission, readPolicy, readTrust } from './grants.ts';
import {
  asText,
  membersBeyond,
  numberAt,
  objectAt,
  objectsAt,
  optionalText,
  textAt,
  UnexpectedShape,
  type JsonObject,
} from '../core/json.ts';
import { readRate } from '../services/eventbridge/schedule.ts';
import type { Definition } from '../services/step-functions/definition.ts';

/** Different in each process. */
const secret = randomBytes(16).toString('hex');

export type Model = ReturnType<typeof readResources> & {
  readonly stackName: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly lasting: readonly Lasting[];
};

/** A resource that an update of the stack may not remove. */
export interface Lasting {
  readonly id: string;
  readonly type: string;
  readonly name: string;
}

export type FunctionModel = Model['functions'][number];
export type FunctionUrlModel = Model['functionUrls'][number];
export type BucketModel = Model['buckets'][number];
export type EventSourceModel = Model['eventSources'][number];
export type QueueModel = Model['queues'][number];
export type RuleModel = Model['rules'][number];
export type StateMachineModel = Model['stateMachines'][number];

export function readResources(resources: readonly Named[]) {
  const read = <Value>(type: string, reader: (resource: Named) => Value) =>
    resources.filter((resource) => resource.type === type).flatMap((resource) => readOne(reader, resource));
  return {
    functions: read('AWS::Lambda::Function', readFunction),
    functionUrls: read('AWS::Lambda::Url', readFunctionUrl),
    eventSources: read('AWS::Lambda::EventSourceMapping', readEventSource),
    queues: read('AWS::SQS::Queue', readQueue),
    topics: read('AWS::SNS::Topic', ({ identity: { name, arn } }) => ({ name, arn })),
    subscriptions: read('AWS::SNS::Subscription', readSubscription),
    rules: read('AWS::Events::Rule', readRule),
    stateMachines: read('AWS::StepFunctions::StateMachine', readStateMachine),
    tables: read('AWS::DynamoDB::Table', readTable),
    buckets: read('AWS::S3::Bucket', readBucket),
    secrets: read('AWS::SecretsManager::Secret', readSecret),
    parameters: read('AWS::SSM::Parameter', readParameter),
    roleTags: read('AWS::IAM::Role', readRoleTags),
    policies: [
      ...read('AWS::IAM::Role', readTrust),
      ...read('AWS::IAM::Role', readManagedPolicies),
      ...read('AWS::IAM::Policy', readPolicy),
      ...read('AWS::SNS::TopicPolicy', readPolicy),
      ...read('AWS::SQS::QueuePolicy', readPolicy),
      ...read('AWS::S3::BucketPolicy', readBucketPolicy),
    ],
    permissions: read('AWS::Lambda::Permission', readPermission),
  };
}

function readRoleTags({ identity: { arn }, properties }: Named) {
  const written = 'Tags' in properties ? objectsAt(properties, 'Tags') : [];
  const tags = written.map((tag) => [textAt(tag, 'Key'), textAt(tag, 'Value')] as const);
  return { arn, tags: Object.fromEntries(tags) };
}

function readOne<Value>(read: (resource: Named) => Value, resource: Named): readonly Value[] {
  try {
    return [read(resource)];
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) throw error;
    resource.refuse(error.message);
    return [];
  }
}

/**
 * Size of all variables as one JSON text: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * Lambda's error quotes that text: https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
 */
const MAX_ENVIRONMENT_BYTES = 4_096;

/** Both run on the Node.js that runs this cloud. */
const runtimes = ['nodejs22.x', 'nodejs24.x'];

/**
 * In the order in which Lambda's runtime looks for the file:
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/17230b828e9a3d90d43e83dd9e5f35366e1c07b2/src/UserFunction.js
 */
const extensions = ['.js', '.mjs', '.cjs'];

function readFunction(resource: Named) {
  const { id, properties, identity, assembly, refuse } = resource;
  const folder = assembly.assets.get(textAt(objectAt(properties, 'Code'), 'S3Key')) ?? '';
  const handler = textAt(properties, 'Handler');
  const [file = '', exported = ''] = handler.split('.');
  const bundle = extensions
    .map((extension) => join(folder, file + extension))
    .find((path) => existsSync(path));
  if (bundle === undefined)
    refuse(`its code has no file ${file}${extensions.join(`, ${file}`)} in an asset of the assembly`);
  const runtime = textAt(properties, 'Runtime');
  if (!runtimes.includes(runtime))
    refuse(`Runtime ${runtime} is not supported, only ${runtimes.join(' and ')}`);
  const variables = objectAt(objectAt(properties, 'Environment'), 'Variables');
  const environment = Object.fromEntries(
    Object.keys(variables).map((name) => [name, textAt(variables, name)]),
  );
  const size = Buffer.byteLength(JSON.stringify(environment));
  if (size > MAX_ENVIRONMENT_BYTES)
    refuse(`its environment has ${size} bytes, more than ${MAX_ENVIRONMENT_BYTES}`);
  return {
    name: identity.name,
    arn: identity.arn,
    // Each function has its own key, so that a request's credential identifies the caller. Nobody else can guess it.
    accessKeyId: `FUNCTION${id}${secret}`,
    folder,
    bundle: bundle ?? '',
    exported,
    handler,
    runtime,
    role: textAt(properties, 'Role'),
    memorySize: numberAt(properties, 'MemorySize', 128),
    timeoutSeconds: numberAt(properties, 'Timeout', 3),
    reservedConcurrency: numberAt(properties, 'ReservedConcurrentExecutions', Infinity),
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
    mayRecurse: optionalText(properties, 'RecursiveLoop') === 'Allow',
    environment,
  };
}

function readFunctionUrl(resource: Named) {
  expectOnly(resource, 'AuthType', 'NONE');
  return {
    id: resource.id,
    url: resource.identity.url,
    functionArn: textAt(resource.properties, 'TargetFunctionArn'),
    invokeMode: readInvokeMode(resource),
  };
}

function readInvokeMode({ properties, refuse }: Named): 'BUFFERED' | 'RESPONSE_STREAM' {
  const mode = optionalText(properties, 'InvokeMode') ?? 'BUFFERED';
  if (mode === 'RESPONSE_STREAM' || mode === 'BUFFERED') return mode;
  refuse(`InvokeMode ${mode} is not supported`);
  return 'BUFFERED';
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const MAX_CONCURRENCY = { minimum: 2, maximum: 1_000 };

function readEventSource(resource: Named) {
  const { properties, refuse } = resource;
  const { minimum, maximum } = MAX_CONCURRENCY;
  const maxConcurrency = numberAt(objectAt(properties, 'ScalingConfig'), 'MaximumConcurrency', maximum);
  if (!Number.isInteger(maxConcurrency) || maxConcurrency < minimum || maxConcurrency > maximum)
    refuse(`MaximumConcurrency ${maxConcurrency} is not a whole number from ${minimum} to ${maximum}`);
  expectOnly(resource, 'FunctionResponseTypes', ['ReportBatchItemFailures']);
  return {
    queueArn: textAt(properties, 'EventSourceArn'),
    functionName: textAt(properties, 'FunctionName'),
    batchSize: numberAt(properties, 'BatchSize', 10),
    maxConcurrency,
  };
}

function readQueue({ id, properties, identity }: Named) {
  const redrive = objectAt(properties, 'RedrivePolicy');
  return {
    id,
    name: identity.name,
    arn: identity.arn,
    url: identity.url,
    visibilitySeconds: numberAt(properties, 'VisibilityTimeout', 30),
    redrive: 'deadLetterTargetArn' in redrive && {
      deadLetterTargetArn: textAt(redrive, 'deadLetterTargetArn'),
      maxReceiveCount: numberAt(redrive, 'maxReceiveCount', 10),
    },
  };
}

function readSubscription(resource: Named) {
  const { properties } = resource;
  expectOnly(resource, 'Protocol', 'sqs');
  expectOnly(resource, 'RawMessageDelivery', true);
  return { topicArn: textAt(properties, 'TopicArn'), queueArn: textAt(properties, 'Endpoint') };
}

function readRule(resource: Named) {
  const { identity, properties, refuse } = resource;
  expectOnly(resource, 'State', 'ENABLED');
  const rate = optionalText(properties, 'ScheduleExpression');
  const hasPattern = rate === undefined || 'EventPattern' in properties;
  const pattern = hasPattern ? objectAt(properties, 'EventPattern') : undefined;
  if (pattern) checkPattern(pattern, refuse);
  const targets = objectsAt(properties, 'Targets').map((target) => {
    const others = membersBeyond('Arn Id Input', target);
    if (others.length > 0) refuse(`target's ${others.join(', ')} is not supported`);
    const queueArn = textAt(target, 'Arn');
    if (!queueArn.startsWith('arn:aws:sqs:')) refuse(`target ${queueArn} is not a queue`);
    return { queueArn, input: optionalText(target, 'Input') };
  });
  const every = rate === undefined ? undefined : readRate(rate, refuse);
  return { name: identity.name, arn: identity.arn, pattern, every, targets };
}

function readStateMachine({ identity, properties, refuse }: Named) {
  const substitutions = objectAt(properties, 'DefinitionSubstitutions');
  const text = textAt(properties, 'DefinitionString').replace(/\$\{([\w-]+)\}/g, (_whole, name: string) => {
    const value = substitutions[name];
    if (value === undefined) refuse(`DefinitionSubstitutions has no ${name}`);
    return asText(value);
  });
  // Not checked here: `readModel` passes the definition to `checkDefinition` afterwards.
  const definition: Definition = JSON.parse(text);
  return { name: identity.name, arn: identity.arn, roleArn: textAt(properties, 'RoleArn'), text, definition };
}

function readTable({ identity, properties, refuse }: Named): JsonObject {
  for (const index of objectsAt(properties, 'GlobalSecondaryIndexes', []))
    for (const member of membersBeyond('IndexName KeySchema Projection', index))
      refuse(`${member} of an index is not supported`);
  return { ...properties, TableName: identity.name };
}

function readSecret({ identity, properties }: Named) {
  return { name: identity.name, arn: identity.arn, value: textAt(properties, 'SecretString') };
}

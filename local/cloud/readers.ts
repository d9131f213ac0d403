// One reader a resource type that runs: its resolved properties as a typed value; a property's value that is not
// supported is refused by name. `readModel` applies them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly } from './assembly.ts';
import { checkPattern } from './event-pattern.ts';
import {
  asText,
  isObject,
  numberAt,
  objectAt,
  objectsAt,
  optionalText,
  textAt,
  textsAt,
  tryParse,
  type JsonObject,
} from './json.ts';
import type { Identity, Resource } from './names.ts';

export interface Named extends Resource {
  readonly identity: Identity;
  readonly assembly: Assembly;
  readonly refuse: (finding: string) => void;
}

export const readers = {
  functions: { type: 'AWS::Lambda::Function', read: readFunction },
  functionUrls: { type: 'AWS::Lambda::Url', read: readFunctionUrl },
  eventSources: { type: 'AWS::Lambda::EventSourceMapping', read: readEventSource },
  queues: { type: 'AWS::SQS::Queue', read: readQueue },
  topics: { type: 'AWS::SNS::Topic', read: readTopic },
  subscriptions: { type: 'AWS::SNS::Subscription', read: readSubscription },
  rules: { type: 'AWS::Events::Rule', read: readRule },
  stateMachines: { type: 'AWS::StepFunctions::StateMachine', read: readStateMachine },
  tables: { type: 'AWS::DynamoDB::Table', read: readTable },
  secrets: { type: 'AWS::SecretsManager::Secret', read: readSecret },
} as const;

export type FunctionModel = ReturnType<typeof readFunction>;
export type EventSourceModel = ReturnType<typeof readEventSource>;
export type QueueModel = ReturnType<typeof readQueue>;
export type TopicModel = ReturnType<typeof readTopic>;
export type SubscriptionModel = ReturnType<typeof readSubscription>;
export type RuleModel = ReturnType<typeof readRule>;
export type StateMachineModel = ReturnType<typeof readStateMachine>;
export type SecretModel = ReturnType<typeof readSecret>;

function readFunction({ id, properties, identity, assembly, refuse }: Named) {
  const key = optionalText(objectAt(properties, 'Code'), 'S3Key') ?? '';
  const folder = assembly.assets.get(key) ?? '';
  const [file = '', member = ''] = textAt(properties, 'Handler').split('.');
  const bundle = join(folder, `${file}.mjs`);
  if (!existsSync(bundle)) refuse(`its code is not a bundle ${file}.mjs in the assembly`);
  expectOneOf(properties, 'Runtime', ['nodejs24.x'], refuse);
  const variables = objectAt(objectAt(properties, 'Environment'), 'Variables');
  return {
    name: identity.name,
    arn: identity.attributes['Arn'] ?? '',
    // Each function has its own, so that a request's credential tells who calls.
    accessKeyId: `FUNCTION${id}`,
    bundle,
    handler: member,
    role: textAt(properties, 'Role'),
    memorySize: numberAt(properties, 'MemorySize', 128),
    timeoutSeconds: numberAt(properties, 'Timeout', 3),
    environment: Object.fromEntries(Object.keys(variables).map((name) => [name, textAt(variables, name)])),
  };
}

function readFunctionUrl({ id, properties, refuse }: Named) {
  expectOneOf(properties, 'AuthType', ['NONE'], refuse);
  expectOneOf(properties, 'InvokeMode', ['BUFFERED'], refuse);
  return { id, functionArn: textAt(properties, 'TargetFunctionArn') };
}

function readEventSource({ properties, refuse }: Named) {
  const responseTypes = textsAt(properties, 'FunctionResponseTypes');
  const others = responseTypes.filter((type) => type !== 'ReportBatchItemFailures');
  if (others.length > 0) refuse(`FunctionResponseTypes ${others.join(', ')} is not supported`);
  if (properties['Enabled'] === false) refuse('Enabled false is not supported');
  return {
    queueArn: textAt(properties, 'EventSourceArn'),
    functionName: textAt(properties, 'FunctionName'),
    batchSize: numberAt(properties, 'BatchSize', 10),
    windowSeconds: numberAt(properties, 'MaximumBatchingWindowInSeconds', 0),
    reportsBatchItemFailures: responseTypes.includes('ReportBatchItemFailures'),
  };
}

function readQueue({ id, properties, identity }: Named) {
  const redrive = objectAt(properties, 'RedrivePolicy');
  const deadLetterArn = optionalText(redrive, 'deadLetterTargetArn');
  return {
    id,
    name: identity.name,
    arn: identity.attributes['Arn'] ?? '',
    url: identity.ref,
    delaySeconds: numberAt(properties, 'DelaySeconds', 0),
    visibilitySeconds: numberAt(properties, 'VisibilityTimeout', 30),
    redrive: deadLetterArn
      ? { deadLetterArn, maxReceiveCount: numberAt(redrive, 'maxReceiveCount', 10) }
      : undefined,
  };
}

function readTopic({ identity }: Named) {
  return { name: identity.name, arn: identity.ref };
}

function readSubscription({ id, properties, refuse }: Named) {
  expectOneOf(properties, 'Protocol', ['sqs'], refuse);
  return {
    id,
    topicArn: textAt(properties, 'TopicArn'),
    queueArn: textAt(properties, 'Endpoint'),
    raw: properties['RawMessageDelivery'] === true,
  };
}

function readRule({ identity, properties, refuse }: Named) {
  expectOneOf(properties, 'State', ['ENABLED'], refuse);
  const pattern = objectAt(properties, 'EventPattern');
  checkPattern(pattern, refuse);
  const queueArns = objectsAt(properties, 'Targets').map((target) => {
    const others = Object.keys(target).filter((name) => name !== 'Arn' && name !== 'Id');
    if (others.length > 0) refuse(`target's ${others.join(', ')} is not supported`);
    if (!textAt(target, 'Arn').startsWith('arn:aws:sqs:'))
      refuse(`target ${textAt(target, 'Arn')} is not a queue`);
    return textAt(target, 'Arn');
  });
  return { name: identity.name, pattern, queueArns };
}

function readStateMachine({ identity, properties, refuse }: Named) {
  expectOneOf(properties, 'StateMachineType', ['STANDARD'], refuse);
  const substitutions = objectAt(properties, 'DefinitionSubstitutions');
  const text = textAt(properties, 'DefinitionString').replace(/\$\{([\w-]+)\}/g, (_whole, name: string) => {
    const value = substitutions[name];
    if (value === undefined) refuse(`DefinitionSubstitutions has no ${name}`);
    return asText(value);
  });
  const definition = tryParse(text);
  if (!isObject(definition)) refuse('its definition is not a JSON object');
  return {
    name: identity.name,
    arn: identity.ref,
    roleArn: textAt(properties, 'RoleArn'),
    text,
    definition: isObject(definition) ? definition : {},
    refuse,
  };
}

function readTable({ identity, properties }: Named) {
  return { create: { ...properties, TableName: identity.name } };
}

function readSecret({ identity, properties, refuse }: Named) {
  const generate = properties['GenerateSecretString'];
  const known = ['ExcludePunctuation', 'GenerateStringKey', 'PasswordLength', 'SecretStringTemplate'];
  const others = Object.keys(objectAt(properties, 'GenerateSecretString')).filter(
    (name) => !known.includes(name),
  );
  if (others.length > 0) refuse(`GenerateSecretString's ${others.join(', ')} is not supported`);
  return {
    name: identity.name,
    arn: identity.ref,
    value: optionalText(properties, 'SecretString'),
    generate: isObject(generate) ? generate : undefined,
  };
}

function expectOneOf(
  from: JsonObject,
  key: string,
  values: readonly string[],
  refuse: (finding: string) => void,
): void {
  const value = optionalText(from, key);
  if (value !== undefined && !values.includes(value))
    refuse(`${key} ${value} is not supported, only ${values.join(', ')}`);
}

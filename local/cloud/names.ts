// What each resource is called here: the name CloudFormation would make, its ARN, and the values that Ref and
// Fn::GetAtt give. The intrinsics ask it, and the model for its own names.
import { createHash } from 'node:crypto';
import type { JsonObject } from './json.ts';

export const region = 'us-east-1';
export const account = '000000000000';

export interface Addresses {
  /** The AWS endpoint on this machine. */
  readonly endpoint: string;
  /** Where each function URL listens, by the logical id of its AWS::Lambda::Url. */
  readonly functionUrls: ReadonlyMap<string, string>;
}

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
}

export interface Identity {
  readonly name: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export function arn(service: string, resource: string): string {
  const global = service === 'iam';
  return `arn:aws:${service}:${global ? '' : region}:${account}:${resource}`;
}

export function functionName(arnOrName: string): string {
  return arnOrName.split(':function:').at(-1) ?? arnOrName;
}

/** The property that names a resource of this type, and what its ARN looks like. */
const named: Readonly<Record<string, readonly [property: string, service: string, prefix: string]>> = {
  'AWS::Lambda::Function': ['FunctionName', 'lambda', 'function:'],
  'AWS::IAM::Role': ['RoleName', 'iam', 'role/'],
  'AWS::SQS::Queue': ['QueueName', 'sqs', ''],
  'AWS::SNS::Topic': ['TopicName', 'sns', ''],
  'AWS::Events::Rule': ['Name', 'events', 'rule/'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 'states', 'stateMachine:'],
  'AWS::DynamoDB::Table': ['TableName', 'dynamodb', 'table/'],
  'AWS::SecretsManager::Secret': ['Name', 'secretsmanager', 'secret:'],
  'AWS::Logs::LogGroup': ['LogGroupName', 'logs', 'log-group:'],
};

export function identify(resource: Resource, stackName: string, addresses: Addresses): Identity {
  const [property, service, prefix] = named[resource.type] ?? ['', '', ''];
  const given = resource.properties[property];
  const name = typeof given === 'string' ? given : `${stackName}-${resource.id}`;
  const resourceArn = arn(service, `${prefix}${name}`);
  return { name, ...referred(resource, name, resourceArn, addresses) };
}

function referred(
  { type, id }: Resource,
  name: string,
  Arn: string,
  addresses: Addresses,
): Omit<Identity, 'name'> {
  switch (type) {
    case 'AWS::SQS::Queue': {
      const QueueUrl = `${addresses.endpoint}/${account}/${name}`;
      return { ref: QueueUrl, attributes: { Arn, QueueName: name, QueueUrl } };
    }
    case 'AWS::SNS::Topic':
      return { ref: Arn, attributes: { TopicArn: Arn, TopicName: name } };
    case 'AWS::StepFunctions::StateMachine':
      return { ref: Arn, attributes: { Arn, Name: name } };
    case 'AWS::SecretsManager::Secret': {
      // Secrets Manager ends each ARN with a hyphen and six random characters.
      const ref = `${Arn}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
      return { ref, attributes: { Id: ref } };
    }
    case 'AWS::Lambda::Url':
      return { ref: id, attributes: { FunctionUrl: addresses.functionUrls.get(id) ?? '' } };
    case 'AWS::Logs::LogGroup':
      return { ref: name, attributes: { Arn: `${Arn}:*` } };
    default:
      return { ref: name, attributes: type in named ? { Arn } : {} };
  }
}

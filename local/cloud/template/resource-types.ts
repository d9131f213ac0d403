// The closed list of supported resource types, each with its properties, ARN prefix and value of Ref.
// `readModel` refuses all others by name.
import type { JsonObject } from '../core/json.ts';

export const region = 'us-east-1';
export const account = '000000000000';

interface ResourceType {
  /** Names of the supported properties, separated by spaces. `resource-readers.ts` ignores some of them. */
  readonly properties: string;
  /** The part of the ARN before the name, if the type has ARNs. */
  readonly arn?: string;
  /** The value of Ref, if it is not the name. */
  readonly ref?: 'arn' | 'url';
  /** Whether names must be in lower case and at most 63 characters long. */
  readonly hasShortLowerCaseName?: true;
  /** Whether a resource of this type holds data. An update of the stack must not remove such a resource. */
  readonly lasts?: true;
  /** Whether the name has no effect here, so that it may contain references. */
  readonly hasIdleName?: true;
}

export const arnOf = (service: string, prefix = '') => `arn:aws:${service}:${region}:${account}:${prefix}`;

export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': {
    properties:
      'Architectures Code Description Environment FunctionName Handler LoggingConfig MemorySize RecursiveLoop ReservedConcurrentExecutions Role Runtime Tags Timeout TracingConfig',
    arn: arnOf('lambda', 'function:'),
  },
  'AWS::Lambda::Url': { properties: 'AuthType InvokeMode TargetFunctionArn' },
  'AWS::Lambda::Permission': {
    properties: 'Action FunctionName FunctionUrlAuthType InvokedViaFunctionUrl Principal',
  },
  'AWS::Lambda::EventSourceMapping': {
    properties: 'BatchSize EventSourceArn FunctionName FunctionResponseTypes ScalingConfig Tags',
  },
  'AWS::IAM::Role': {
    properties: 'AssumeRolePolicyDocument Description ManagedPolicyArns RoleName Tags',
    arn: `arn:aws:iam::${account}:role/`,
  },
  'AWS::IAM::Policy': { properties: 'PolicyDocument PolicyName Roles' },
  'AWS::SQS::Queue': {
    properties: 'MessageRetentionPeriod QueueName RedrivePolicy SqsManagedSseEnabled Tags VisibilityTimeout',
    arn: arnOf('sqs'),
    ref: 'url',
    lasts: true,
  },
  'AWS::SQS::QueuePolicy': { properties: 'PolicyDocument Queues' },
  'AWS::SNS::Topic': {
    properties: 'DisplayName Tags TopicName',
    arn: arnOf('sns'),
    ref: 'arn',
    lasts: true,
  },
  'AWS::SNS::TopicPolicy': { properties: 'PolicyDocument Topics' },
  'AWS::SNS::Subscription': { properties: 'Endpoint Protocol RawMessageDelivery TopicArn' },
  'AWS::Events::Rule': {
    properties: 'Description EventPattern Name ScheduleExpression State Tags Targets',
    arn: arnOf('events', 'rule/'),
  },
  'AWS::StepFunctions::StateMachine': {
    properties:
      'DefinitionString DefinitionSubstitutions LoggingConfiguration RoleArn StateMachineName Tags TracingConfiguration',
    arn: arnOf('states', 'stateMachine:'),
    ref: 'arn',
    lasts: true,
  },
  'AWS::DynamoDB::Table': {
    properties:
      'AttributeDefinitions BillingMode DeletionProtectionEnabled GlobalSecondaryIndexes KeySchema PointInTimeRecoverySpecification TableName Tags TimeToLiveSpecification',
    arn: arnOf('dynamodb', 'table/'),
    lasts: true,
  },
  'AWS::S3::Bucket': {
    properties:
      'BucketEncryption BucketName ObjectLockConfiguration ObjectLockEnabled OwnershipControls PublicAccessBlockConfiguration Tags VersioningConfiguration',
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
    arn: 'arn:aws:s3:::',
    hasShortLowerCaseName: true,
    lasts: true,
  },
  'AWS::S3::BucketPolicy': { properties: 'Bucket PolicyDocument' },
  'AWS::SecretsManager::Secret': {
    properties: 'Description Name SecretString Tags',
    arn: arnOf('secretsmanager', 'secret:'),
    ref: 'arn',
    lasts: true,
  },
  'AWS::SSM::Parameter': {
    properties: 'Description Name Tags Tier Type Value',
    arn: arnOf('ssm', 'parameter'),
  },
  // What versions of the CDK and its constructs an app uses. It has no effect in AWS either.
  'AWS::CDK::Metadata': { properties: 'Analytics' },
  'AWS::CloudWatch::Alarm': {
    properties:
      'AlarmActions AlarmDescription AlarmName ComparisonOperator Dimensions EvaluationPeriods MetricName Namespace Period Statistic Tags Threshold TreatMissingData',
  },
  'AWS::Logs::MetricFilter': { properties: 'FilterPattern LogGroupName MetricTransformations' },
  'AWS::Logs::LogGroup': {
    properties: 'LogGroupName RetentionInDays Tags',
    arn: arnOf('logs', 'log-group:'),
    hasIdleName: true,
  },
};

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** The whole resource as in the template. */
  readonly written: JsonObject;
}

export interface Identity {
  readonly name: string;
  readonly arn: string;
  readonly ref: string;
  /** The local address of a queue or a function URL. For other types, the value has no meaning. */
  readonly url: string;
}

export interface Addresses {
  /** The AWS endpoint on this machine. */
  readonly endpoint: string;
  /** The address of each function URL, by the logical id of its AWS::Lambda::Url. */
  readonly functionUrls: ReadonlyMap<string, { readonly url: string }>;
}

/** The name that the template gives the resource: `QueueName` of a queue, `Name` of a secret or a rule. */
export function givenName({ type, properties }: Resource) {
  return properties[`${type.split('::')[2]}Name`] ?? properties['Name'];
}

export function identify(resource: Resource, stackName: string, addresses: Addresses): Identity {
  const given = givenName(resource);
  const { arn: prefix, ref = 'name', hasShortLowerCaseName } = resourceTypes[resource.type] ?? {};
  const generated = `${stackName}-${resource.id}`;
  const chosen = hasShortLowerCaseName ? generated.toLowerCase().slice(0, 63) : generated;
  const name = typeof given === 'string' ? given : chosen;
  const listener = addresses.functionUrls.get(resource.id);
  const url = listener ? `${listener.url}/` : `${addresses.endpoint}/${account}/${name}`;
  const called = { name, url, arn: prefix === undefined ? '' : prefix + name };
  return { ...called, ref: called[ref] };
}

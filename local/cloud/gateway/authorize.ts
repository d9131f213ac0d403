// Checks whether a function's role allows a request. Operators may do everything that no policy of a resource denies.
// The gateway calls it for every request, and S3 for each action that a request needs.
import type { CloudContext } from '../core/context.ts';
import { optionalText, type JsonObject } from '../core/json.ts';
import type { Outages } from '../core/outages.ts';
import { internalKey } from '../core/internal-key.ts';
import { AwsError } from '../core/operations.ts';
import { arnOfAsked, parameterArn } from '../services/ssm/parameter-rules.ts';
import { resourceTypes } from '../template/resource-types.ts';

/** Throws the AWS error if the owner of the access key may not call the operation, or if the service has an outage. */
export type Authorize = (accessKeyId: string, service: string, operation: string, input: JsonObject) => void;

/** IAM prefixes of services that have another name in the gateway. */
const prefixes: Readonly<Record<string, string>> = {
  AWSStepFunctions: 'states',
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  DynamoDB_20120810: 'dynamodb',
  sns: 'SNS',
};

/**
 * Throws the AWS error if the owner of the access key may not use the action, or if the service has an outage.
 * `resource` is undefined if the call names a resource that does not exist. Then functions need no permission, because
 * the operation itself returns an error.
 */
export type AuthorizeAction = (
  accessKeyId: string,
  action: string,
  resource: string | undefined,
  requestKeys?: Readonly<Record<string, string>>,
) => void;

/** @param operatorKey access key id that operators need. Undefined: any credentials act as an operator */
export function authorizeActions(
  { model, access }: CloudContext,
  outages: Outages,
  operatorKey?: string,
): AuthorizeAction {
  return (accessKeyId, action, resource, requestKeys) => {
    const caller = model.functions.find((one) => one.accessKeyId === accessKeyId);
    if (accessKeyId === internalKey) return;
    if (!caller) {
      if (operatorKey !== undefined) checkKey(accessKeyId, operatorKey, action);
      return access.checkOperator(action, resource ?? '*', requestKeys);
    }
    if (resource === undefined) return;
    outages.check(action.split(':')[0] ?? '');
    access.check({ roleArn: caller.role, session: caller.name }, action, resource, requestKeys);
  };
}

export function createAuthorizer(
  { model, state }: CloudContext,
  authorizeAction: AuthorizeAction,
): Authorize {
  const itself = (text: string) => text;
  /** Request parameters that name the resource of a call, each with its conversion to the ARN of the resource. */
  const resources: Readonly<Record<string, (text: string, input: JsonObject) => string | undefined>> = {
    Name: (text) => arnOfAsked(text),
    // The policy names the path itself, and then allows all parameters below it:
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
    Path: (text) => parameterArn(text),
    FunctionName: (text) => arn('AWS::Lambda::Function', text),
    QueueName: (text) => arn('AWS::SQS::Queue', text),
    QueueUrl: (text) => arn('AWS::SQS::Queue', text),
    SecretId: (text) => model.secrets.find(({ name }) => name === text)?.arn ?? text,
    TableName: (text, input) => {
      const index = optionalText(input, 'IndexName');
      return arn('AWS::DynamoDB::Table', text) + (index ? `/index/${index}` : '');
    },
    TopicArn: itself,
    executionArn: itself,
    stateMachineArn: itself,
    // Undefined for an unknown token. Then no permission is checked, and the operation itself returns an error.
    taskToken: (text) => state.executions[state.taskTokens[text]?.execution ?? '']?.machine.arn,
  };

  function resourceOf(input: JsonObject): string | undefined {
    const member = Object.keys(resources).find((name) => name in input);
    return member === undefined ? '*' : resources[member]?.(optionalText(input, member) ?? '', input);
  }

  return (accessKeyId, service, operation, input) =>
    authorizeAction(accessKeyId, `${prefixes[service] ?? service}:${operation}`, resourceOf(input));
}

function checkKey(accessKeyId: string, operatorKey: string, action: string): void {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  if (accessKeyId !== operatorKey && action.startsWith('s3:'))
    throw new AwsError(
      'InvalidAccessKeyId',
      'The AWS access key ID that you provided does not exist in our records.',
    );
  // https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
  if (accessKeyId !== operatorKey)
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  if (action === 'secretsmanager:GetSecretValue')
    throw new AwsError('AccessDeniedException', 'Only the functions read the secret of a real workspace.');
}

/** Returns the ARN of a resource, given its name, or a URL or ARN that ends with the name. */
function arn(type: string, named: string): string {
  return `${resourceTypes[type]?.arn}${named.split(/[/:]/).at(-1)}`;
}

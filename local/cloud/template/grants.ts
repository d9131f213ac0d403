// Reads the permissions of the template: roles and their policies, the policies of queues, topics and buckets, and
// those of function URLs. `readResources` applies these readers.
import { isList, asText, objectAt, textAt, UnexpectedShape, type JsonObject } from '../core/json.ts';
import { readStatements, type Statement } from '../services/iam/policies.ts';
import { expectOnly, type Named } from './named-resource.ts';
import { resourceTypes } from './resource-types.ts';

export interface Policy {
  /** ARNs of roles, queues, topics or buckets. */
  readonly attachedTo: readonly string[];
  readonly statements: readonly Statement[];
}

/** Reads a role's trust policy. Its statements name no resource, so each statement gets the role as its resource. */
export function readTrust({ identity, properties, refuse }: Named): Policy {
  const statements = readStatements(objectAt(properties, 'AssumeRolePolicyDocument'), refuse);
  const attachedTo = [identity.arn];
  return { attachedTo, statements: statements.map((one) => ({ ...one, resources: attachedTo })) };
}

/**
 * AWS's managed policies that a role may have. A function that `lambda.Function` creates has the first one, in every app:
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html
 */
const managedPolicies: Readonly<Record<string, readonly string[]>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ],
};

export function readManagedPolicies({ identity, properties, refuse }: Named): Policy {
  const arns = properties['ManagedPolicyArns'] ?? [];
  const known = Object.keys(managedPolicies);
  const statements = (isList(arns) ? arns : [arns]).map(asText).map((arn) => {
    const actions = managedPolicies[arn];
    if (!actions) refuse(`managed policy ${arn} is not supported, only ${known.join(', ')}`);
    return { effect: 'Allow', actions: actions ?? [], resources: ['*'], conditions: [] };
  });
  return { attachedTo: [identity.arn], statements };
}

export function readPolicy({ type, properties, refuse }: Named): Policy {
  const [of, key] = attachments[type] ?? ['', ''];
  return {
    attachedTo: namesAt(properties, key).map((name) => `${resourceTypes[of]?.arn}${name}`),
    statements: readStatements(objectAt(properties, 'PolicyDocument'), refuse),
  };
}

/** Every resource of the policy must be the bucket or objects in it. */
export function readBucketPolicy({ properties, refuse }: Named): Policy {
  const arn = `${resourceTypes['AWS::S3::Bucket']?.arn}${textAt(properties, 'Bucket')}`;
  const statements = readStatements(objectAt(properties, 'PolicyDocument'), refuse);
  for (const { principals, resources } of statements) {
    // S3 refuses both as a malformed policy: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    if (!principals) refuse("a statement without Principal is not supported in a bucket's policy");
    for (const resource of resources)
      if (resource !== arn && !resource.startsWith(`${arn}/`))
        refuse(`Policy has invalid resource ${resource}`);
  }
  return { attachedTo: [arn], statements };
}

const attachments: Readonly<Record<string, readonly [type: string, property: string]>> = {
  'AWS::IAM::Policy': ['AWS::IAM::Role', 'Roles'],
  'AWS::SNS::TopicPolicy': ['AWS::SNS::Topic', 'Topics'],
  'AWS::SQS::QueuePolicy': ['AWS::SQS::Queue', 'Queues'],
};

/** Returns names of roles, queues or topics. The template gives a name, a URL or an ARN, which ends with the name. */
function namesAt(properties: JsonObject, key: string): readonly string[] {
  const value = properties[key];
  if (!isList(value)) throw new UnexpectedShape(`${key} is not a list`);
  return value.map((one) => asText(one).split(/[/:]/).at(-1) ?? '');
}

/** Accepts only permissions that allow everyone who knows the URL to call the function. */
export function readPermission(resource: Named) {
  const { properties, refuse } = resource;
  const action = textAt(properties, 'Action');
  expectOnly(resource, 'Principal', '*');
  if (action === 'lambda:InvokeFunctionUrl') expectOnly(resource, 'FunctionUrlAuthType', 'NONE');
  else if (action === 'lambda:InvokeFunction') expectOnly(resource, 'InvokedViaFunctionUrl', true);
  else refuse(`Action ${action} is not supported`);
  return { functionArn: textAt(properties, 'FunctionName'), action };
}

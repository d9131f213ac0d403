// Tests that unsupported properties of a template or a definition are refused at startup, by name.
import { describe, expect, it } from 'vitest';
import { getAtt, machine, startWorld, type Resources, workQueue } from '../../../support/small-stack.ts';

async function refusal(resources: Resources): Promise<string> {
  const started = startWorld({ functions: { Work: 'export const handler = async () => {};' }, resources });
  return started.then(
    () => 'started',
    (error: Error) => error.message,
  );
}

const task = { Type: 'Task', Resource: '${Work}', End: true };
const parallel = { Type: 'Parallel', Branches: [{ StartAt: 'Work', States: { Work: task } }], End: true };
const call = (parameters: object) => ({
  ...task,
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: '${Work}', 'Payload.$': '$', ...parameters },
});
const substitutions = { Work: getAtt('Work', 'Arn') };
const environment = (Variables: object) => ({ Environment: { Variables } });
const states = (all: object) => machine(all, { substitutions });

describe('template check', () => {
  it.each<[string, Resources]>([
    [
      'AWS::EFS::FileSystem Files: resource type is not supported',
      { Files: { Type: 'AWS::EFS::FileSystem' } },
    ],
    [
      'property FifoQueue is not supported',
      { Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } },
    ],
    [
      'Resources Queue: condition IsProd does not exist',
      { Queue: { Type: 'AWS::SQS::Queue', Condition: 'IsProd' } },
    ],
    [
      'intrinsic function Fn::If',
      { Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: { 'Fn::If': ['a', 1, 2] } } } },
    ],
    [
      'Fn::GetAtt of Work.SnapStart',
      { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: getAtt('Work', 'SnapStart') } } },
    ],
    [
      'a name that is not a literal',
      { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'AWS::Region' } } } },
    ],
    [
      // Lambda measures all variables as one JSON text, with the quotes that it adds.
      'its environment has 4101 bytes, more than 4096',
      { Work: { Type: 'AWS::Lambda::Function', Properties: environment({ NAME: '"'.repeat(2_045) }) } },
    ],
    [
      'function Work: ReservedConcurrentExecutions is not supported with an event source',
      {
        Work: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 5 } },
        ...workQueue('Jobs', 'Work'),
      },
    ],
    [
      // Nobody here checks who may use a key.
      'property KmsMasterKeyId is not supported',
      { Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: 'key' } } },
    ],
    [
      'property PermissionsBoundary is not supported',
      { Limited: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: 'arn' } } },
    ],
    [
      'property Cors is not supported',
      { Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', Cors: {} } } },
    ],
    [
      'InvokeMode STREAM is not supported',
      {
        Url: {
          Type: 'AWS::Lambda::Url',
          Properties: { AuthType: 'NONE', InvokeMode: 'STREAM', TargetFunctionArn: getAtt('Work', 'Arn') },
        },
      },
    ],
    [
      'property GenerateSecretString is not supported',
      { Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: {} } } },
    ],
    [
      'property DelaySeconds is not supported',
      { Queue: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 1 } } },
    ],
    ...[false, undefined].map((raw): [string, Resources] => [
      'RawMessageDelivery',
      {
        Subscription: {
          Type: 'AWS::SNS::Subscription',
          Properties: { TopicArn: 'a', Protocol: 'sqs', Endpoint: 'b', RawMessageDelivery: raw },
        },
      },
    ]),
    [
      'is not supported, only ["ReportBatchItemFailures"]',
      {
        Delivery: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { EventSourceArn: 'a', FunctionName: 'b' },
        },
      },
    ],
    ...[1, 1_001, 2.5].map((MaximumConcurrency): [string, Resources] => [
      `MaximumConcurrency ${MaximumConcurrency} is not a whole number from 2 to 1000`,
      {
        Delivery: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { EventSourceArn: 'a', FunctionName: 'b', ScalingConfig: { MaximumConcurrency } },
        },
      },
    ]),
    [
      'managed policy arn:aws:iam::aws:policy/AdministratorAccess is not supported, only arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      {
        Admin: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: { Statement: [] },
            ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
          },
        },
      },
    ],
    [
      'its code has no file other.js, other.mjs, other.cjs in an asset of the assembly',
      { Work: { Type: '', Properties: { Handler: 'other.handler' } } },
    ],
    ['Runtime nodejs20.x', { Work: { Type: '', Properties: { Runtime: 'nodejs20.x' } } }],
    [
      'EventPattern status holds more than exact strings',
      {
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: { EventPattern: { detail: { status: [{ prefix: 'F' }] } } },
        },
      },
    ],
    [
      'Type Parallel is not supported, only Task, Pass, Choice, Wait, Succeed, Fail',
      states({ Both: parallel }),
    ],
    [
      'Type Map is not supported, only Task, Pass, Choice, Wait, Succeed, Fail',
      states({
        Each: { Type: 'Map', ItemProcessor: { StartAt: 'Work', States: { Work: task } }, End: true },
      }),
    ],
    [
      'Wait has Timestamp, which is not supported',
      states({ Wait: { Type: 'Wait', Timestamp: '2026-11-27T00:00:00Z', End: true } }),
    ],
    [
      'Seconds 1.5 is not a whole number from 0 to 99999999',
      states({ Wait: { Type: 'Wait', Seconds: 1.5, End: true } }),
    ],
    [
      'Seconds 100000000 is not a whole number',
      states({ Wait: { Type: 'Wait', Seconds: 100_000_000, End: true } }),
    ],
    [
      'SecondsPath "$.a[0]" is not supported',
      states({ Wait: { Type: 'Wait', SecondsPath: '$.a[0]', End: true } }),
    ],
    [
      'MUST contain exactly one of "Seconds", "SecondsPath"',
      states({ Wait: { Type: 'Wait', Seconds: 1, SecondsPath: '$.a', End: true } }),
    ],
    [
      'TimeoutSecondsPath "$.a[0]" is not supported',
      states({ Work: { ...task, TimeoutSecondsPath: '$.a[0]' } }),
    ],
    ['TimeoutSecondsPath null is not supported', states({ Work: { ...task, TimeoutSecondsPath: null } })],
    [
      'MUST contain at most one of "TimeoutSeconds", "TimeoutSecondsPath"',
      states({ Work: { ...task, TimeoutSeconds: 1, TimeoutSecondsPath: '$.a' } }),
    ],
    [
      `CausePath "States.Format('{}', $.a)" is not supported`,
      states({ Fail: { Type: 'Fail', CausePath: "States.Format('{}', $.a)" } }),
    ],
    [
      'MUST contain at most one of "Error", "ErrorPath"',
      states({ Fail: { Type: 'Fail', Error: 'A', ErrorPath: '$.a' } }),
    ],
    [
      'MUST contain at most one of "Cause", "CausePath"',
      states({ Fail: { Type: 'Fail', Cause: 'A', CausePath: '$.a' } }),
    ],
    ['has QueryLanguage', states({ Work: { ...task, QueryLanguage: 'JSONata' } })],
    ['HeartbeatSeconds', states({ Work: { ...task, HeartbeatSeconds: 1 } })],
    ['InputPath "$.a[0]" is not supported', states({ Work: { ...task, InputPath: '$.a[0]' } })],
    ['OutputPath "$..a" is not supported', states({ Done: { Type: 'Succeed', OutputPath: '$..a' } })],
    [
      'id.$ "States.UUID()" is not supported',
      states({ Work: { ...task, ResultSelector: { 'id.$': 'States.UUID()' } } }),
    ],
    [
      'item.$ "$.a[0]" is not supported',
      states({ Fill: { Type: 'Pass', Parameters: { 'item.$': '$.a[0]' }, End: true } }),
    ],
    [
      'arn:aws:states:::lambda:invoke has ClientContext, which is not supported',
      states({ Work: call({ ClientContext: 'x' }) }),
    ],
    [
      'InvocationType "Event" is not supported, only RequestResponse',
      states({ Work: call({ InvocationType: 'Event' }) }),
    ],
    [
      'FunctionName "arn:aws:lambda:us-east-1:000000000000:function:Other" is not the ARN of a function of the template',
      states({ Work: call({ FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:Other' }) }),
    ],
    [
      'FunctionName "Work" is not the ARN of a function of the template',
      states({ Work: call({ FunctionName: 'Work' }) }),
    ],
    [
      'lambda:invoke.waitForTaskToken is not supported',
      states({ Work: { ...call({}), Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' } }),
    ],
    // This cloud is the partition `aws`, which a template names by Ref.
    [
      'arn:aws-cn:states:::lambda:invoke is not supported',
      states({ Work: { ...call({}), Resource: 'arn:aws-cn:states:::lambda:invoke' } }),
    ],
    [
      'id.$ "States.UUID()" is not supported',
      states({ Work: { ...task, Parameters: { 'id.$': 'States.UUID()' } } }),
    ],
    ['item.$ "$.a[0]" is not supported', states({ Work: { ...task, Parameters: { 'item.$': '$.a[0]' } } })],
    [
      'item.$ "$$.Map.Item.Value" is not supported',
      states({ Work: { ...task, Parameters: { 'item.$': '$$.Map.Item.Value' } } }),
    ],
    [
      'choice rule has StringMatches',
      states({
        Which: { Type: 'Choice', Choices: [{ Variable: '$.a', StringMatches: 'a*', Next: 'Work' }] },
        Work: task,
      }),
    ],
    [
      'arn:aws:states:::dynamodb:putItem is not supported, only a function of the template, arn:aws:states:::lambda:invoke, arn:aws:states:::sqs:sendMessage.waitForTaskToken and arn:aws:states:::sns:publish',
      states({ Work: { ...task, Resource: 'arn:aws:states:::dynamodb:putItem' } }),
    ],
    ['MISSING_TRANSITION_TARGET', states({ Work: { Type: 'Pass', Next: 'Nowhere' } })],
  ])('reports: %s', async (finding, resources) => {
    expect(await refusal(resources)).toContain(finding);
  });

  it('leaves out what has a condition that is not met', async () => {
    const { cloud } = await startWorld({
      sections: { Conditions: { InEurope: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } } },
      resources: { Files: { Type: 'AWS::EFS::FileSystem', Condition: 'InEurope' } },
      outputs: { Here: { Value: 'x' }, Files: { Value: { Ref: 'Files' }, Condition: 'InEurope' } },
    });
    expect(cloud.outputs).toEqual({ Here: 'x' });
  });

  it('reports all findings at once', async () => {
    const message = await refusal({
      Files: { Type: 'AWS::EFS::FileSystem' },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      ...states({ Both: parallel }),
    });
    expect(message.split('\n')).toEqual([
      'The local cloud cannot run Small:',
      '  - AWS::EFS::FileSystem Files: resource type is not supported',
      '  - AWS::SQS::Queue Queue: property FifoQueue is not supported',
      '  - state machine machine: state "Both": Type Parallel is not supported, only Task, Pass, Choice, Wait, Succeed, Fail',
    ]);
  });
});

// Tests IAM in the local cloud: who is refused what, with which message, and which statements are not supported.
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { createAccess } from '../../../../../local/cloud/services/iam/access.ts';
import { readStatements, refusalOf, type Asked } from '../../../../../local/cloud/services/iam/policies.ts';
import {
  ending,
  getAtt,
  machine,
  publicUrl,
  ref,
  role,
  run,
  startWorld,
  workQueue,
  type Resources,
} from '../../../../support/small-stack.ts';

const allow = (Action: string, Resource: unknown = '*') => ({ Effect: 'Allow', Action, Resource });
const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;

const table = {
  Prices: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'prices',
      AttributeDefinitions: ['id', 'day'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'days',
          KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    },
  },
};

/** What a function says of its calls when its role has these statements. */
async function calls(
  statements: readonly object[],
  ...commands: readonly string[]
): Promise<readonly string[]> {
  const world = await startWorld({
    functions: {
      Bot: `import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
        import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
        import { SFNClient, RedriveExecutionCommand, StartExecutionCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
        const [tables, topics, states] = [new DynamoDBClient(), new SNSClient(), new SFNClient()];
        const said = (call) => call.then(() => 'done', (error) => error.name + ': ' + error.message);
        export const handler = async () => {
          const body = JSON.stringify([${commands.map((command) => `await said(${command})`).join(', ')}]);
          return { statusCode: 200, body };
        };`,
    },
    resources: {
      ...role('Role', statements),
      ...publicUrl('Bot'),
      ...table,
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'results' } },
      ...machine({ Done: { Type: 'Succeed' } }),
    },
    outputs: { Url: { Value: getAtt('BotUrl', 'FunctionUrl') } },
  });
  return JSON.parse(await (await fetch(world.cloud.outputs['Url'] ?? '')).text());
}

const getItem = `tables.send(new GetItemCommand({ TableName: 'prices', Key: { id: { S: '1' } } }))`;
const query = `tables.send(new QueryCommand({ TableName: 'prices', IndexName: 'days',
  KeyConditionExpression: '#day = :day', ExpressionAttributeNames: { '#day': 'day' },
  ExpressionAttributeValues: { ':day': { S: 'Mon' } } }))`;
const publish = `topics.send(new PublishCommand({ TopicArn: '${arn('sns', 'results')}', Message: 'x' }))`;
const start = `states.send(new StartExecutionCommand({ stateMachineArn: '${arn('states', 'stateMachine:machine')}' }))`;
const execution = arn('states', 'execution:machine:one');
const redrive = `states.send(new RedriveExecutionCommand({ executionArn: '${execution}' }))`;
const answer = `states.send(new SendTaskSuccessCommand({ taskToken: 'A'.repeat(640), output: '{}' }))`;

const refused = (action: string, resource: string, reason: string) =>
  `User: arn:aws:sts::000000000000:assumed-role/Role/Bot is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
const missing = (action: string, resource: string) =>
  refused(action, resource, `because no identity-based policy allows the ${action} action`);

describe('a function', () => {
  it('without grants is refused with the message of AWS', async () => {
    expect(await calls([], getItem, publish, start, redrive)).toEqual([
      `AccessDeniedException: ${missing('dynamodb:GetItem', arn('dynamodb', 'table/prices'))}`,
      `AuthorizationErrorException: ${missing('SNS:Publish', arn('sns', 'results'))}`,
      `AccessDeniedException: ${missing('states:StartExecution', arn('states', 'stateMachine:machine'))}`,
      `AccessDeniedException: ${missing('states:RedriveExecution', execution)}`,
    ]);
  });

  it('may do exactly what it is granted', async () => {
    const statements = [
      allow('dynamodb:GetItem', getAtt('Prices', 'Arn')),
      allow('sns:publish', ref('Topic')),
    ];
    expect(await calls(statements, getItem, publish)).toEqual(['done', 'done']);
    expect(await calls([allow('dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/other')], getItem)).toEqual([
      expect.stringContaining('no identity-based policy'),
    ]);
  });

  it('needs a grant on an index, because a grant on its table is not enough', async () => {
    const Index = { 'Fn::Join': ['', [getAtt('Prices', 'Arn'), '/index/*']] };
    expect(await calls([allow('dynamodb:Query', getAtt('Prices', 'Arn'))], query)).toEqual([
      `AccessDeniedException: ${missing('dynamodb:Query', arn('dynamodb', 'table/prices/index/days'))}`,
    ]);
    expect(await calls([allow('dynamodb:Query', Index)], query)).toEqual(['done']);
  });

  it('is refused a denied action, even if it is allowed too', async () => {
    const deny = { Effect: 'Deny', Action: 'dynamodb:Get*', Resource: '*' };
    const resource = arn('dynamodb', 'table/prices');
    expect(await calls([allow('*'), deny], getItem)).toEqual([
      `AccessDeniedException: ${refused('dynamodb:GetItem', resource, 'with an explicit deny in an identity-based policy')}`,
    ]);
  });

  it('gets TaskDoesNotExist for an unknown task token', async () => {
    expect(await calls([], answer)).toEqual([expect.stringMatching(/^TaskDoesNotExist/)]);
  });
});

it('an operator needs no grant', async () => {
  const { tables } = await startWorld({ resources: { ...role('Role', []), ...table } });
  const asked = tables.send(new GetItemCommand({ TableName: 'prices', Key: { id: { S: '1' } } }));
  await expect(asked).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
});

describe('a state machine without grants', () => {
  const task = { Type: 'Task', End: true };
  it.each([
    ['Lambda.AWSLambdaException', 'lambda:InvokeFunction', { Resource: '${Work}' }],
    [
      'SQS.AmazonSQSException',
      'sqs:SendMessage',
      {
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: '${Queue}', MessageBody: { 'Token.$': '$$.Task.Token' } },
      },
    ],
    [
      'SNS.AuthorizationErrorException',
      'SNS:Publish',
      { Resource: 'arn:aws:states:::sns:publish', Parameters: { TopicArn: '${Topic}', Message: 'x' } },
    ],
  ])('fails with %s', async (error, action, state) => {
    const substitutions = { Work: getAtt('Work', 'Arn'), Queue: ref('Queue'), Topic: ref('Topic') };
    const world = await startWorld({
      functions: { Work: 'export const handler = async () => 1;' },
      resources: {
        ...role('Role', []),
        ...machine({ Do: { ...task, ...state } }, { substitutions }),
        Queue: { Type: 'AWS::SQS::Queue' },
        Topic: { Type: 'AWS::SNS::Topic' },
      },
    });
    expect(await ending(world, await run(world))).toMatchObject({
      status: 'FAILED',
      error,
      cause: expect.stringContaining(`assumed-role/Role/one is not authorized to perform: ${action} on`),
    });
  });
});

describe('a queue', () => {
  const topicArn = arn('sns', 'results');
  const letIn = (Service: string, sourceArn: unknown) => ({
    ...allow('sqs:SendMessage', getAtt('Work', 'Arn')),
    Principal: { Service },
    Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
  });

  async function published(statement: object) {
    const { WorkPolicy, ...queue } = workQueue('Work', 'Worker');
    const Properties = { Queues: [ref('Work')], PolicyDocument: { Statement: [statement] } };
    const world = await startWorld({
      functions: { Worker: 'export const handler = async () => {};' },
      resources: {
        ...queue,
        WorkPolicy: { Type: WorkPolicy?.Type ?? '', Properties },
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'results' } },
        Subscription: {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            TopicArn: ref('Topic'),
            Protocol: 'sqs',
            Endpoint: getAtt('Work', 'Arn'),
            RawMessageDelivery: true,
          },
        },
        ...machine({ Done: { Type: 'Succeed' } }),
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: {
            Name: 'ended',
            EventPattern: { detail: { status: ['SUCCEEDED'] } },
            State: 'ENABLED',
            Targets: [{ Id: 'one', Arn: getAtt('Work', 'Arn') }],
          },
        },
      },
    });
    await world.topics.send(new PublishCommand({ TopicArn: topicArn, Message: 'x' }));
    await run(world);
    return [
      world.events('message_sent').length,
      world.events('delivery_refused').map(({ source, from, queue: to }) => [source, from, to]),
    ];
  }

  const fromTopic = ['sns', topicArn, 'Work'];
  const fromRule = ['events', arn('events', 'rule/ended'), 'Work'];

  it.each([
    ['the topic', letIn('sns.amazonaws.com', topicArn), [1, [fromRule]]],
    ['the rule', letIn('events.amazonaws.com', arn('events', 'rule/*')), [1, [fromTopic]]],
    ['another topic', letIn('sns.amazonaws.com', arn('sns', 'other')), [0, [fromTopic, fromRule]]],
    [
      'the topic of another queue',
      { ...letIn('sns.amazonaws.com', topicArn), Resource: 'arn' },
      [0, [fromTopic, fromRule]],
    ],
  ])('that allows %s refuses everyone else and logs the refusal', async (_whom, statement, seen) => {
    expect(await published(statement)).toEqual(seen);
  });
});

it.each(['BotUrlOpen', 'BotOpen'])(
  'a function URL without the permission %s answers 403',
  async (permission) => {
    const { [permission]: _without, ...resources } = publicUrl('Bot');
    const world = await startWorld({
      functions: { Bot: `export const handler = async () => ({ statusCode: 200 });` },
      resources,
      outputs: { Url: { Value: getAtt('BotUrl', 'FunctionUrl') } },
    });
    const { status } = await fetch(world.cloud.outputs['Url'] ?? '');
    expect([status, world.events('function_invoked')]).toEqual([403, []]);
  },
);

describe('a policy statement', () => {
  const asked: Asked = {
    principal: 'sns.amazonaws.com',
    action: 'sqs:SendMessage',
    resource: arn('sqs', 'work'),
    sourceArn: arn('sns', 'results'),
  };
  const { sourceArn: _none, ...onItsOwn } = asked;
  const when = (Condition: object) => ({ ...allow('sqs:*'), Condition });

  it.each([
    ['an action by wildcard', allow('sqs:Send*'), asked, true],
    ['an action in any case', allow('SQS:sendmessage'), asked, true],
    ['a prefix of the action without wildcard', allow('sqs:Send'), asked, false],
    ['a resource by wildcard', allow('sqs:*', 'arn:aws:sqs:*:*:w?rk'), asked, true],
    ['a resource with a dot instead of a wildcard', allow('sqs:*', arn('sqs', 'w.rk')), asked, false],
    ['no resource', { Effect: 'Allow', Action: 'sqs:*' }, asked, false],
    ['everybody', { ...allow('*'), Principal: { AWS: '*' } }, asked, true],
    ['another service', { ...allow('*'), Principal: { Service: 'events.amazonaws.com' } }, asked, false],
    ['requests with TLS', when({ Bool: { 'aws:SecureTransport': true } }), asked, true],
    ['requests without TLS', when({ Bool: { 'aws:SecureTransport': 'false' } }), asked, false],
    ['its account', when({ StringEquals: { 'aws:SourceAccount': ['1', '000000000000'] } }), asked, true],
    ['requests with a key', when({ Null: { 'aws:SourceArn': 'false' } }), asked, true],
    ['requests without a key', when({ Null: { 'aws:SourceArn': true } }), asked, false],
    ['requests without a key', when({ Null: { 'aws:SourceArn': true } }), onItsOwn, true],
    ['its source', when({ ArnLike: { 'aws:SourceArn': arn('sns', 'res*') } }), asked, true],
    ['any source, for a request without one', when({ ArnLike: { 'aws:SourceArn': '*' } }), onItsOwn, false],
  ])('for %s allows or refuses as in AWS', (_what, statement, request, isAllowed) => {
    const statements = readStatements(JSON.parse(JSON.stringify({ Statement: [statement] })), (finding) => {
      throw new Error(finding);
    });
    expect(refusalOf(statements, request) === undefined).toBe(isAllowed);
  });
});

it("a resource's policy applies to the resource and to what lies in it, not to a name that begins like it", () => {
  const written = { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' };
  const statements = readStatements({ Statement: [written] }, () => {});
  const access = createAccess({
    policies: [{ attachedTo: [arn('sqs', 'work')], statements }],
    permissions: [],
    roleTags: [],
  });
  const may = (name: string) =>
    access.may({ principal: 'any', action: 'sqs:SendMessage', resource: arn('sqs', name) });
  expect(['work', 'work/a', 'work-2'].map(may)).toEqual([true, true, false]);
});

it('a condition on a tag of the role is met by this tag with this value, and negated by all others', () => {
  const written = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:PrincipalTag/team:publishes': 'prod' } },
  };
  const statements = readStatements(
    { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }, written] },
    () => {},
  );
  const access = createAccess({
    policies: [{ attachedTo: [arn('sqs', 'work')], statements }],
    permissions: [],
    roleTags: [
      { arn: 'prod', tags: { 'team:publishes': 'prod' } },
      { arn: 'dev', tags: { 'team:publishes': 'dev', team: 'prod' } },
    ],
  });
  const may = (principal: string) =>
    access.may({ principal, action: 'sqs:SendMessage', resource: arn('sqs', 'work') });
  expect(['prod', 'dev', 'untagged'].map(may)).toEqual([true, false, false]);
});

describe('at startup the cloud refuses', () => {
  const trust = (Service: string) => ({
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });
  const assumedBy = (service: string): Resources => ({
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust(service) } },
  });
  const policy = (more: object): Resources => role('Role', [{ ...allow('*'), ...more }]);
  const open = (more: object): Resources => ({
    Open: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: 'a', Action: 'lambda:InvokeFunction', Principal: '*', ...more },
    },
  });

  it.each<[string, Resources]>([
    [
      'function Work: The role defined for the function cannot be assumed by Lambda.',
      assumedBy('states.amazonaws.com'),
    ],
    [
      'state machine machine: states.amazonaws.com is not authorized to assume the provided role.',
      { ...machine({ Done: { Type: 'Succeed' } }), ...assumedBy('lambda.amazonaws.com') },
    ],
    ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((call): [string, Resources] => [
      `The function execution role does not have permissions to call ${call} on SQS`,
      {
        ...workQueue('Requests', 'Work'),
        ...role('Role', [allow('*'), { Effect: 'Deny', Action: `sqs:${call}`, Resource: '*' }]),
      },
    ]),
    [
      'condition StringLike of aws:SourceArn',
      policy({ Condition: { StringLike: { 'aws:SourceArn': 'a' } } }),
    ],
    [
      'condition Bool of aws:MultiFactorAuthPresent',
      policy({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    ],
    ["a statement's NotAction", policy({ NotAction: 'sqs:*' })],
    ['a principal of Federated', policy({ Principal: { Federated: 'a' } })],
    [
      'principal arn:aws:iam::000000000000:root',
      policy({ Principal: { AWS: 'arn:aws:iam::000000000000:root' } }),
    ],
    [
      'managed policy a is not supported',
      { Reader: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: ['a'] } } },
    ],
    ['Principal sns.amazonaws.com is not supported, only *', open({ Principal: 'sns.amazonaws.com' })],
    ['InvokedViaFunctionUrl "" is not supported, only true', open({})],
    ['Action lambda:GetFunction is not supported', open({ Action: 'lambda:GetFunction' })],
  ])('%s', async (finding, resources) => {
    const started = startWorld({ functions: { Work: 'export const handler = async () => {};' }, resources });
    await expect(started).rejects.toThrow(finding);
  });
});

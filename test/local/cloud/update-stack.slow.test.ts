// Tests an update of a running stack: what changes, what is kept, and what is refused.
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { DescribeStateMachineCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import {
  ending,
  getAtt,
  machine,
  machineArn,
  publicUrl,
  ref,
  role,
  run,
  startWorld,
  workQueue,
  writeAssembly,
  type Resources,
} from '../../support/small-stack.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

const logging = `export const handler = async ({ Records }) => { for (const { body } of Records) console.log(body); };`;

function logged({ events }: World) {
  return events('function_logged').map(({ line }) => JSON.parse(String(line)));
}

function url(handler: string, more: Resources = {}) {
  const functions = { Bot: handler };
  const resources = { ...publicUrl('Bot'), ...more };
  return { functions, resources, outputs: { Url: { Value: getAtt('BotUrl', 'FunctionUrl') } } };
}

const version = (name: string) =>
  `let calls = 0; export const handler = async () => ({ statusCode: 200, body: '${name} ' + (calls += 1) + ' ' + process.env.STAGE });`;

const stage = (STAGE: string): Resources => ({
  Bot: { Type: '', Properties: { Environment: { Variables: { STAGE } } } },
});

async function ask({ cloud }: World, from = 'Url') {
  return (await fetch(cloud.outputs[from] ?? '')).text();
}

describe('an update', () => {
  it('replaces code and environment at the same address, even for a warm function', async () => {
    const world = await startWorld(url(version('old'), stage('dev')));
    const before = world.cloud.outputs['Url'];
    expect([await ask(world), await ask(world)]).toEqual(['old 1 dev', 'old 2 dev']);
    const { functions, resources, outputs } = url(version('new'), stage('prod'));
    await world.cloud.update(writeAssembly(functions, resources, outputs));
    expect(world.cloud.outputs['Url']).toBe(before);
    expect([await ask(world), await ask(world)]).toEqual(['new 1 prod', 'new 2 prod']);
  });

  it('lets a running invocation finish', async () => {
    const slow = `export const handler = () => new Promise((done) => setTimeout(done, 500, { statusCode: 200, body: 'old' }));`;
    const world = await startWorld(url(slow));
    const asked = ask(world);
    await expect.poll(() => world.events('function_invoked')).toHaveLength(1);
    const { functions, resources, outputs } = url(version('new'), stage('prod'));
    await world.cloud.update(writeAssembly(functions, resources, outputs));
    expect(await asked).toBe('old');
    expect(await ask(world)).toBe('new 1 prod');
  });

  it('gives a new function an address and closes the address of a removed one', async () => {
    const world = await startWorld(url(version('bot'), stage('dev')));
    const closed = world.cloud.outputs['Url'] ?? '';
    const functions = { Other: version('other') };
    const outputs = { Other: { Value: getAtt('OtherUrl', 'FunctionUrl') } };
    await world.cloud.update(writeAssembly(functions, publicUrl('Other'), outputs));
    expect(await ask(world, 'Other')).toBe('other 1 undefined');
    expect((await fetch(closed)).status).toBe(403);
  });

  it('changes the grants of a role', async () => {
    const sending = `import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs';
      const client = new SQSClient();
      export const handler = async () => ({ statusCode: 200,
        body: await client.send(new ListQueuesCommand({})).then(() => 'done', (error) => error.name) });`;
    const { functions, resources, outputs } = url(sending);
    const world = await startWorld({ functions, resources, outputs });
    expect(await ask(world)).toBe('done');
    await world.cloud.update(writeAssembly(functions, { ...role('Role', []), ...resources }, outputs));
    expect(await ask(world)).toBe('AccessDeniedException');
  });

  it('keeps secrets and messages, and connects a queue to a new function', async () => {
    const secret = {
      Slack: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'slack', SecretString: '{}' } },
    };
    const { WorkDelivery, ...queue } = workQueue('Work', 'Worker');
    const world = await startWorld({ resources: { ...queue, ...secret } });
    await world.secrets.send(new PutSecretValueCommand({ SecretId: 'slack', SecretString: 'put' }));
    const QueueUrl = `${world.cloud.url}/000000000000/Work`;
    await world.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: '"waiting"' }));
    await world.cloud.settled();
    await world.cloud.update(
      writeAssembly({ Worker: logging }, { ...workQueue('Work', 'Worker'), ...secret }),
    );
    await world.cloud.settled();
    expect(WorkDelivery && logged(world)).toEqual(['waiting']);
    const { SecretString } = await world.secrets.send(new GetSecretValueCommand({ SecretId: 'slack' }));
    expect(SecretString).toBe('put');
  });
});

const asking = (TimeoutSeconds: number, outcome: string): Resources => ({
  ...workQueue('Requests', 'Worker'),
  ...machine(
    {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: '${Requests}', MessageBody: { 'Token.$': '$$.Task.Token' } },
        TimeoutSeconds,
        Next: 'Tell',
      },
      Tell: { Type: 'Pass', Result: outcome, End: true },
    },
    { substitutions: { Requests: ref('Requests') }, topLevel: { TimeoutSeconds: TimeoutSeconds + 10 } },
  ),
});

describe('an execution that runs during an update', () => {
  const updated = async () => {
    const world = await startWorld({ functions: { Worker: logging }, resources: asking(900, 'old') });
    const old = await run(world, {}, 'old');
    await world.cloud.update(writeAssembly({ Worker: logging }, asking(60, 'new')));
    const { definition } = await world.states.send(
      new DescribeStateMachineCommand({ stateMachineArn: machineArn }),
    );
    expect(JSON.parse(definition ?? '').TimeoutSeconds).toBe(70);
    return { ...world, old, recent: await run(world, {}, 'recent') };
  };

  it('continues with the definition it was started with, while a later one uses the new definition', async () => {
    const world = await updated();
    for (const { Token } of logged(world))
      await world.states.send(new SendTaskSuccessCommand({ taskToken: Token, output: '1' }));
    await world.cloud.settled();
    expect(await ending(world, world.old)).toEqual({ status: 'SUCCEEDED', output: 'old' });
    expect(await ending(world, world.recent)).toEqual({ status: 'SUCCEEDED', output: 'new' });
  });

  it('keeps its timeout', async () => {
    const world = await updated();
    await world.cloud.advance(60_000);
    expect(await ending(world, world.recent)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    await world.cloud.advance(830_000);
    expect(await ending(world, world.old)).toMatchObject({ status: 'RUNNING' });
    await world.cloud.advance(10_000);
    expect(await ending(world, world.old)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('fails if it needs a removed function', async () => {
    const substitutions = { Price: getAtt('Price', 'Arn') };
    const retried = { ErrorEquals: ['States.ALL'], IntervalSeconds: 30, MaxAttempts: 1 };
    const look = { Type: 'Task', Resource: '${Price}', Retry: [retried], End: true };
    const world = await startWorld({
      functions: { Price: `export const handler = async () => { throw new Error('no'); };` },
      resources: machine({ Look: look }, { substitutions }),
    });
    const executionArn = await run(world);
    await world.cloud.update(writeAssembly({}, machine({ Done: { Type: 'Succeed' } })));
    await world.cloud.advance(30_000);
    expect(await ending(world, executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.ResourceNotFoundException',
    });
  });
});

it('an update adds, changes and removes rules, and a schedule keeps its period', async () => {
  const target = (Input: string) => [{ Id: 'one', Arn: getAtt('Work', 'Arn'), Input }];
  const every = (Name: string, ScheduleExpression: string, Input: string): Resources => ({
    [Name]: {
      Type: 'AWS::Events::Rule',
      Properties: { Name, ScheduleExpression, State: 'ENABLED', Targets: target(Input) },
    },
  });
  const queue = workQueue('Work', 'Worker');
  const world = await startWorld({
    functions: { Worker: logging },
    resources: {
      ...queue,
      ...every('kept', 'rate(1 minute)', '"old"'),
      ...every('gone', 'rate(1 minute)', '"gone"'),
    },
  });
  await world.cloud.advance(90_000);
  expect(new Set(logged(world))).toEqual(new Set(['old', 'gone']));
  const next = {
    ...queue,
    ...every('kept', 'rate(1 minute)', '"new"'),
    ...every('come', 'rate(1 minute)', '"come"'),
  };
  await world.cloud.update(writeAssembly({ Worker: logging }, next));
  await world.cloud.advance(31_000);
  expect(logged(world).slice(2)).toEqual(['new']);
  await world.cloud.advance(30_000);
  expect(logged(world).slice(2)).toEqual(['new', 'come']);
});

const table = (...indexes: readonly string[]): Resources => ({
  Approvals: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'approvals',
      AttributeDefinitions: ['id', ...indexes].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map((AttributeName) => ({
          IndexName: `by-${AttributeName}`,
          KeySchema: [{ AttributeName, KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
    },
  },
});

const projecting = (ProjectionType: string): Resources =>
  JSON.parse(JSON.stringify(table('open')).replace('ALL', ProjectionType));
const keyedBy = (name: string): Resources =>
  JSON.parse(
    JSON.stringify(table('open')).replace(
      '"KeySchema":[{"AttributeName":"id"',
      `"KeySchema":[{"AttributeName":"${name}"`,
    ),
  );

it('an update keeps the items of a table, adds them to a new index, and creates new tables', async () => {
  const world = await startWorld({ resources: table() });
  const id = (number: number) => ({ S: String(number) });
  const put = (TableName: string, number: number) =>
    world.tables.send(
      new PutItemCommand({
        TableName,
        Item: { id: id(number), open: { S: 'yes' }, text: { S: 'x'.repeat(200_000) } },
      }),
    );
  for (let number = 0; number < 12; number += 1) await put('approvals', number);
  const Ledger = { ...table()['Approvals'], Type: 'AWS::DynamoDB::Table' };
  const resources = {
    ...table('open'),
    Ledger: { ...Ledger, Properties: { ...Ledger.Properties, TableName: 'ledger' } },
  };
  await world.cloud.update(writeAssembly({}, resources));
  const { Count } = await world.tables.send(
    new QueryCommand({
      TableName: 'approvals',
      IndexName: 'by-open',
      KeyConditionExpression: '#open = :yes',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':yes': { S: 'yes' } },
      Select: 'COUNT',
    }),
  );
  // A page ends at a megabyte.
  expect(Count).toBe(6);
  for (let number = 0; number < 12; number += 1) {
    const found = new GetItemCommand({ TableName: 'approvals', Key: { id: id(number) } });
    expect((await world.tables.send(found)).Item).toMatchObject({ open: { S: 'yes' } });
  }
  await put('ledger', 1);
});

describe('an update is refused and changes nothing', () => {
  const before = url(version('old'), {
    ...stage('dev'),
    ...table('open'),
    ...machine({ Done: { Type: 'Succeed' } }),
    Work: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
    Topic: { Type: 'AWS::SNS::Topic' },
    Slack: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'slack', SecretString: '{}' } },
  });
  const without = (id: string): Resources =>
    Object.fromEntries(Object.entries(before.resources).filter(([name]) => name !== id));

  it.each<[string, Resources]>([
    ['AWS::SQS::Queue Work must stay, with the name work', without('Work')],
    [
      'AWS::SQS::Queue Work must stay, with the name work',
      { ...before.resources, Work: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'other' } } },
    ],
    [
      'AWS::SQS::Queue Work must stay, with the name work',
      {
        ...without('Work'),
        Moved: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
      },
    ],
    ['AWS::SNS::Topic Topic must stay, with the name Small-Topic', without('Topic')],
    ['AWS::SecretsManager::Secret Slack must stay', without('Slack')],
    ['AWS::StepFunctions::StateMachine Machine must stay', without('Machine')],
    ['AWS::DynamoDB::Table Approvals must stay', without('Approvals')],
    ['table approvals: its key and its indexes', { ...before.resources, ...table() }],
    ['table approvals: its key and its indexes', { ...before.resources, ...table('closed') }],
    ['table approvals: its key and its indexes', { ...before.resources, ...projecting('KEYS_ONLY') }],
    ['table approvals: its key and its indexes', { ...before.resources, ...keyedBy('open') }],
    ['resource type is not supported', { ...before.resources, Files: { Type: 'AWS::EFS::FileSystem' } }],
  ])('because %s', async (finding, resources) => {
    const world = await startWorld(before);
    const next = writeAssembly({ Bot: version('new') }, resources, before.outputs);
    await expect(world.cloud.update(next)).rejects.toThrow(finding);
    expect(await ask(world)).toBe('old 1 dev');
  });

  it('and reports all findings at once', async () => {
    const world = await startWorld(before);
    const { Work: _work, Topic: _topic, ...rest } = before.resources;
    await expect(world.cloud.update(writeAssembly(before.functions, rest, before.outputs))).rejects.toThrow(
      [
        'The local cloud cannot update Small:',
        '  - AWS::SQS::Queue Work must stay, with the name work',
        '  - AWS::SNS::Topic Topic must stay, with the name Small-Topic',
      ].join('\n'),
    );
  });
});

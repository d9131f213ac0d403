// Tests Parameter Store in the local cloud: versions, selectors, pages, names and errors, with real SDK calls.
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  type PutParameterCommandInput,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { getAtt, publicUrl, ref, role, startWorld, type Resources } from '../../../../support/small-stack.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

const arn = 'arn:aws:ssm:us-east-1:000000000000:parameter';

const parameter = (Name: string, Value: unknown, more: object = {}): Resources[string] => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value, ...more },
});

const put = ({ parameters }: World, Name: string, Value: string, more: object = {}) => {
  const input: PutParameterCommandInput = { Name, Value, Type: 'String', ...more };
  return parameters.send(new PutParameterCommand(input));
};

const get = async ({ parameters }: World, Name: string) =>
  (await parameters.send(new GetParameterCommand({ Name }))).Parameter;

/** Name and message of the error. */
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('a parameter of the template', () => {
  it('has the value with its references, version 1, and an ARN with one slash', async () => {
    const world = await startWorld({
      resources: {
        Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
        Setting: parameter('/app/queue', { 'Fn::Join': ['', ['{"queue":"', getAtt('Jobs', 'Arn'), '"}']] }),
      },
      outputs: { Name: { Value: ref('Setting') } },
    });
    expect(world.cloud.outputs['Name']).toBe('/app/queue');
    expect(await get(world, '/app/queue')).toEqual({
      ARN: `${arn}/app/queue`,
      DataType: 'text',
      LastModifiedDate: expect.any(Date),
      Name: '/app/queue',
      Type: 'String',
      Value: '{"queue":"arn:aws:sqs:us-east-1:000000000000:jobs"}',
      Version: 1,
    });
  });

  it.each([
    ['Name is missing', parameter('', 'x', { Name: undefined })],
    ['Type SecureString is not supported, only String', parameter('/a', 'x', { Type: 'SecureString' })],
    ['Tier Advanced is not supported, only Standard', parameter('/a', 'x', { Tier: 'Advanced' })],
    ['property AllowedPattern is not supported', parameter('/a', 'x', { AllowedPattern: '.*' })],
    ['must be a fully qualified name', parameter('a/b', 'x')],
    ['No access to reserved parameter name: AWS/a.', parameter('/AWS/a', 'x')],
    ['maximum parameter value of 4096 characters', parameter('/a', 'x'.repeat(4_097))],
    ['Member must have length greater than or equal to 1', parameter('/a', '')],
    ['DeletionPolicy is not supported, only Delete', { ...parameter('/a', 'x'), DeletionPolicy: 'Retain' }],
  ])('is refused: %s', async (finding, written) => {
    await expect(startWorld({ resources: { Setting: written } })).rejects.toThrow(
      `AWS::SSM::Parameter Setting: `,
    );
    await expect(startWorld({ resources: { Setting: written } })).rejects.toThrow(finding);
  });

  it('is refused if another resource has its name', async () => {
    const resources = { One: parameter('/a', '1'), Two: parameter('/a', '2') };
    await expect(startWorld({ resources })).rejects.toThrow('two resources create the parameter /a');
  });
});

describe('PutParameter', () => {
  it('answers the version, which grows with each put, and needs Overwrite for a parameter that exists', async () => {
    const world = await startWorld({});
    expect(await put(world, '/app/limit', '1')).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect(await refusal(put(world, '/app/limit', '2'))).toBe(
      'ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
    const overwrite = { Overwrite: true, Type: undefined };
    expect((await put(world, '/app/limit', '2', overwrite)).Version).toBe(2);
    expect((await put(world, '/app/limit', '2', overwrite)).Version).toBe(3);
    expect(await get(world, '/app/limit')).toMatchObject({ Value: '2', Version: 3 });
  });

  it('needs a type for a new parameter', async () => {
    const world = await startWorld({});
    expect(await refusal(put(world, '/a', 'x', { Type: undefined, Overwrite: true }))).toBe(
      'ValidationException: A parameter type is required when you create a parameter.',
    );
  });

  it('keeps 100 versions', async () => {
    const world = await startWorld({ resources: { Setting: parameter('/a', '1') } });
    for (let version = 2; version <= 101; version += 1)
      await put(world, '/a', String(version), { Overwrite: true });
    expect(await get(world, '/a')).toMatchObject({ Value: '101', Version: 101 });
    expect(await get(world, '/a:2')).toMatchObject({ Value: '2', Version: 2, Selector: ':2' });
    expect(await refusal(get(world, '/a:1'))).toBe(
      'ParameterVersionNotFound: Systems Manager could not find version 1 of /a. Verify the version and try again.',
    );
  });

  const levels = (count: number) => '/x'.repeat(count);
  it.each([
    ['/app/a', 'accepted'],
    ['/Team-1/a_b.c', 'accepted'],
    [levels(15), 'accepted'],
    [levels(16), 'HierarchyLevelLimitExceededException'],
    ['/' + 'x'.repeat(1_011 - arn.length - 1), 'accepted'],
    ['/' + 'x'.repeat(1_011 - arn.length), 'ValidationException'],
    ['/aws', 'AccessDeniedException'],
    ['/awsome/a', 'AccessDeniedException'],
    ['/Aws/a', 'AccessDeniedException'],
    ['/ssm/a', 'ValidationException'],
    ['/SSMa', 'ValidationException'],
    ['/app/aws', 'accepted'],
    ['app/a', 'ValidationException'],
    ['/app//a', 'ValidationException'],
    ['/app/', 'ValidationException'],
    ['/app/a b', 'ValidationException'],
    ['/app/ä', 'ValidationException'],
    ['/app/a:1', 'ValidationException'],
    ['/', 'ValidationException'],
  ])('of the name %s: %s', async (name, expected) => {
    const world = await startWorld({});
    expect((await refusal(put(world, name, 'x'))).split(':')[0]).toBe(expected);
  });

  it.each([
    ['x'.repeat(4_096), 'accepted'],
    ['x'.repeat(4_097), 'ValidationException'],
    ['', 'ValidationException'],
    ['{"a":{"b":1}}', 'accepted'],
    ['of {{symbol}}', 'ValidationException'],
  ])('of the value %.20s: %s', async (value, expected) => {
    const world = await startWorld({});
    expect((await refusal(put(world, '/a', value))).split(':')[0]).toBe(expected);
  });

  it('is refused for other types, tiers and members', async () => {
    const world = await startWorld({});
    expect(await refusal(put(world, '/a', 'x', { Type: 'SecureString' }))).toMatch('Type SecureString');
    expect(await refusal(put(world, '/a', 'x', { Tier: 'Advanced' }))).toMatch('Tier Advanced');
    expect(await refusal(put(world, '/a', 'x', { KeyId: 'k' }))).toMatch(
      'Not supported by the local cloud: KeyId',
    );
  });
});

describe('GetParameter', () => {
  it('reads by name, version and ARN, with the selector in the answer', async () => {
    const world = await startWorld({ resources: { Setting: parameter('/app/a', 'one') } });
    await put(world, '/app/a', 'two', { Overwrite: true });
    expect(await get(world, '/app/a:1')).toMatchObject({ Name: '/app/a', Value: 'one', Selector: ':1' });
    expect(await get(world, `${arn}/app/a`)).toMatchObject({
      Name: '/app/a',
      Value: 'two',
      ARN: `${arn}/app/a`,
    });
    expect(await get(world, `${arn}/app/a:1`)).toMatchObject({ Value: 'one', ARN: `${arn}/app/a` });
  });

  it('finds a name without a slash, and answers with the name that was asked for', async () => {
    const world = await startWorld({ resources: { Setting: parameter('/limit', '1') } });
    expect(await get(world, 'limit')).toMatchObject({ Name: 'limit', Value: '1', ARN: `${arn}/limit` });
  });

  it('answers AWS’s errors', async () => {
    const world = await startWorld({ resources: { Setting: parameter('/app/a', '1') } });
    // AWS sends no message. The SDK then says UnknownError.
    expect(await refusal(get(world, '/app/b'))).toMatch(/^ParameterNotFound: (UnknownError)?$/);
    expect(await refusal(get(world, '/app/b:1'))).toMatch(/^ParameterNotFound: /);
    expect(await refusal(get(world, '/app/a:label'))).toMatch(/^ParameterVersionNotFound: /);
    for (const name of ['app/a', '/app//a'])
      expect(await refusal(get(world, name))).toMatch(
        /^ValidationException: .*sub-paths divided by slash symbol/,
      );
  });
});

describe('GetParametersByPath', () => {
  const list = async ({ parameters }: World, input: object) => {
    const command = new GetParametersByPathCommand({ Path: '/app', ...input });
    const { Parameters = [], NextToken } = await parameters.send(command);
    return { names: Parameters.map(({ Name }) => Name), NextToken };
  };

  it('lists one level, or all levels, below the path', async () => {
    const world = await startWorld({
      resources: {
        A: parameter('/app/a', '1'),
        B: parameter('/app/deep/b', '1'),
        Itself: parameter('/app', '1'),
        Other: parameter('/apples/c', '1'),
      },
    });
    expect((await list(world, {})).names).toEqual(['/app/a']);
    expect((await list(world, { Path: '/app/' })).names).toEqual(['/app/a']);
    expect((await list(world, { Recursive: true })).names).toEqual(['/app/a', '/app/deep/b']);
    expect((await list(world, { Path: '/', Recursive: true })).names).toHaveLength(4);
    expect((await list(world, { Path: '/nothing' })).names).toEqual([]);
  });

  it('answers at most 10 parameters a page', async () => {
    const world = await startWorld({});
    const names = Array.from({ length: 21 }, (_, at) => `/app/${String(at).padStart(2, '0')}`);
    for (const name of names) await put(world, name, 'x');
    const first = await list(world, {});
    expect(first.names).toEqual(names.slice(0, 10));
    const second = await list(world, { NextToken: first.NextToken });
    expect(second.names).toEqual(names.slice(10, 20));
    expect(await list(world, { NextToken: second.NextToken })).toEqual({ names: names.slice(20) });
    expect((await list(world, { MaxResults: 3 })).names).toEqual(names.slice(0, 3));
    expect(await refusal(list(world, { MaxResults: 11 }))).toBe(
      "ValidationException: 1 validation error detected: Value '11' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10",
    );
    expect(await refusal(list(world, { NextToken: 'x' }))).toMatch(/^InvalidNextToken/);
    expect(await refusal(list(world, { Path: 'app' }))).toMatch(
      /^ValidationException: .*must begin with a forward slash/,
    );
    expect(await refusal(list(world, { WithDecryption: true }))).toMatch(
      'Not supported by the local cloud: WithDecryption',
    );
  });
});

describe('a function that reads parameters', () => {
  const reading = (statements: readonly object[]) =>
    startWorld({
      functions: {
        Bot: `import { SSMClient, GetParameterCommand, GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
          const client = new SSMClient({ maxAttempts: 1 });
          const said = (command) => client.send(command).then(() => 'done', (error) => error.name + ': ' + error.message);
          export const handler = async () => ({ statusCode: 200, body: JSON.stringify([
            await said(new GetParameterCommand({ Name: '/app/a:1' })),
            await said(new GetParametersByPathCommand({ Path: '/app' })),
            await said(new PutParameterCommand({ Name: '/app/a', Value: '2', Overwrite: true })),
          ]) });`,
      },
      resources: { ...role('Role', statements), ...publicUrl('Bot'), Setting: parameter('/app/a', '1') },
      outputs: { Url: { Value: getAtt('BotUrl', 'FunctionUrl') } },
    });
  const said = async ({ cloud }: World) => JSON.parse(await (await fetch(cloud.outputs['Url'] ?? '')).text());
  const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });

  it('needs a permission for each operation, on the parameter or the path', async () => {
    const denied = (action: string, resource: string) =>
      `AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/Role/Bot is not authorized to perform: ssm:${action} on resource: ${arn}${resource} because no identity-based policy allows the ssm:${action} action`;
    expect(await said(await reading([]))).toEqual([
      denied('GetParameter', '/app/a'),
      denied('GetParametersByPath', '/app'),
      denied('PutParameter', '/app/a'),
    ]);
    const [, byPath, ...others] = await said(
      await reading([allow('ssm:Get*', `${arn}/app/*`), allow('ssm:PutParameter', `${arn}/app/a`)]),
    );
    expect(byPath).toBe(denied('GetParametersByPath', '/app'));
    expect(others).toEqual(['done']);
    expect(await said(await reading([allow('ssm:*', `${arn}/app`), allow('ssm:*', `${arn}/app/*`)]))).toEqual(
      ['done', 'done', 'done'],
    );
  });

  it('fails during an outage and while it is throttled', async () => {
    const world = await reading([allow('ssm:*', '*')]);
    world.cloud.refuse('ssm');
    expect((await said(world))[0]).toBe('ServiceUnavailable: ssm is away.');
    world.cloud.refuse('ssm', 'ThrottlingException');
    expect((await said(world))[1]).toMatch(/^ThrottlingException/);
    world.cloud.stopFailing('ssm');
    expect(await said(world)).toEqual(['done', 'done', 'done']);
  });
});

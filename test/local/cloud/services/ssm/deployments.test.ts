// Tests what deployments do to parameters: versions at updates, the state after a restart, and template parameters that
// take their value from Parameter Store.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { persistIn } from '../../../../../local/persistence.ts';
import { ref, startWorld, writeAssembly, type Resources } from '../../../../support/small-stack.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

const parameter = (value: string, Name = '/app/a', id = 'Setting'): Resources => ({
  [id]: { Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value: value } },
});
const update = ({ cloud }: World, resources: Resources, outputs = {}, sections = {}) =>
  cloud.update(writeAssembly({}, resources, outputs, sections));
const read = async ({ parameters }: World, Name = '/app/a') => {
  const { Parameter } = await parameters.send(new GetParameterCommand({ Name }));
  return [Parameter?.Value, Parameter?.Version];
};
const put = ({ parameters }: World, Value: string, Name = '/app/a') =>
  parameters.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));

describe('an update of the stack', () => {
  it('makes a version if the value in the template changed, and none otherwise', async () => {
    const world = await startWorld({ resources: parameter('one') });
    await update(world, parameter('one'));
    expect(await read(world)).toEqual(['one', 1]);
    await update(world, parameter('two'));
    expect(await read(world)).toEqual(['two', 2]);
    expect(await read(world, '/app/a:1')).toEqual(['one', 1]);
  });

  it('leaves what PutParameter wrote until the template changes', async () => {
    const world = await startWorld({ resources: parameter('one') });
    await put(world, 'by hand');
    await update(world, parameter('one'));
    expect(await read(world)).toEqual(['by hand', 2]);
    await update(world, parameter('by hand'));
    expect(await read(world)).toEqual(['by hand', 3]);
  });

  it('names a parameter after another resource', async () => {
    const Name = { 'Fn::Join': ['', ['/app/', { 'Fn::GetAtt': ['Jobs', 'QueueName'] }]] };
    const named = { Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value: 'x' } };
    const resources = {
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
      Setting: named,
    };
    const world = await startWorld({ resources });
    await update(world, resources, { Setting: { Value: ref('Setting') } });
    expect(await read(world, '/app/jobs')).toEqual(['x', 1]);
    expect(world.cloud.outputs['Setting']).toBe('/app/jobs');
  });

  it('deletes a parameter that left the template, and keeps those of PutParameter', async () => {
    const world = await startWorld({ resources: parameter('one') });
    await put(world, 'x', '/other');
    await update(world, {});
    await expect(read(world)).rejects.toMatchObject({ name: 'ParameterNotFound' });
    expect(await read(world, '/other')).toEqual(['x', 1]);
  });

  it('is refused if a new resource has the name of a parameter that exists', async () => {
    const world = await startWorld({ resources: parameter('one') });
    await put(world, 'x', '/other');
    const added = { ...parameter('one'), ...parameter('y', '/other', 'Other') };
    await expect(update(world, added)).rejects.toThrow('AWS::SSM::Parameter Other: /other already exists');
    // CloudFormation creates the renamed resource before it deletes the old one.
    await expect(update(world, parameter('one', '/app/a', 'Renamed'))).rejects.toThrow(
      'AWS::SSM::Parameter Renamed: /app/a already exists',
    );
    expect(await read(world, '/other')).toEqual(['x', 1]);
  });
});

it('parameters survive a restart, with a new version only if the template changed meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parameters-'));
  const start = (value: string, more: Resources = {}) => {
    // The tables stay in memory, because their database does not close within this process.
    const { tables: _onDisk, ...persistence } = persistIn(folder);
    return startWorld({ resources: { ...parameter(value), ...more }, persistence });
  };
  const first = await start('one');
  await put(first, 'by hand');
  await first.cloud.close();
  const second = await start('one');
  expect(await read(second)).toEqual(['by hand', 2]);
  await second.cloud.close();
  const third = await start('two');
  expect(await read(third)).toEqual(['two', 3]);
  await put(third, 'x', '/other');
  await third.cloud.close();
  const added = start('two', parameter('y', '/other', 'Other'));
  await expect(added).rejects.toThrow('AWS::SSM::Parameter Other: /other already exists');
});

describe('a template parameter of type AWS::SSM::Parameter::Value<String>', () => {
  const fromStore = (Default: string) => ({
    Parameters: { Limit: { Type: 'AWS::SSM::Parameter::Value<String>', Default } },
  });
  const outputs = { Limit: { Value: ref('Limit') } };

  it('has the value of a parameter that an earlier deployment made', async () => {
    const world = await startWorld({ resources: parameter('one') });
    await update(world, parameter('one'), outputs, fromStore('/app/a'));
    expect(world.cloud.outputs).toEqual({ Limit: 'one' });
    // CloudFormation reads template parameters before it changes the resources.
    await update(world, parameter('two'), outputs, fromStore('/app/a'));
    expect(world.cloud.outputs).toEqual({ Limit: 'one' });
    await update(world, parameter('two'), outputs, fromStore('/app/a:2'));
    expect(world.cloud.outputs).toEqual({ Limit: 'two' });
  });

  it('is refused for a parameter that the same deployment makes', async () => {
    const started = startWorld({ resources: parameter('one'), outputs, sections: fromStore('/app/a') });
    await expect(started).rejects.toThrow(
      'Parameters Limit: Unable to fetch parameters [/app/a] from parameter store for this account.',
    );
  });

  it('is the only type that is supported', async () => {
    const given = startWorld({ sections: { Parameters: { Limit: { Type: 'Number', Default: '1' } } } });
    await expect(given).rejects.toThrow('Parameters Limit: Type Number is not supported');
    const noDefault = startWorld({
      sections: { Parameters: { Limit: { Type: 'AWS::SSM::Parameter::Value<String>' } } },
    });
    await expect(noDefault).rejects.toThrow('with a Default');
  });
});

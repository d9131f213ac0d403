// Tests scheduled rules: when they fire, what they send, and that `settled` does not wait for them.
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { getAtt, ref, startWorld, workQueue, type Resources } from '../../../../support/small-stack.ts';

const logging = `export const handler = async ({ Records }) => {
  for (const { body } of Records) console.log(body); };`;

function rule(ScheduleExpression: string, target: object = {}, more: object = {}): Resources {
  const Targets = [{ Id: 'one', Arn: getAtt('Work', 'Arn'), ...target }];
  return {
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: { Name: 'look', ScheduleExpression, State: 'ENABLED', Targets, ...more },
    },
  };
}

const scheduled = (expression: string, target: object = {}) =>
  startWorld({
    functions: { Worker: logging },
    resources: { ...workQueue('Work', 'Worker'), ...rule(expression, target) },
  });

function received({ events }: Awaited<ReturnType<typeof startWorld>>) {
  return events('function_logged').map(({ line }) => JSON.parse(String(line)));
}

describe('scheduled rule', () => {
  it('sends an event every period, for the first time after one period', async () => {
    const world = await scheduled('rate(5 minutes)');
    const started = world.clock.now();
    await world.cloud.settled();
    await world.cloud.advance(295_000);
    expect(received(world)).toEqual([]);
    await world.cloud.advance(3 * 300_000);
    const ruleArn = 'arn:aws:events:us-east-1:000000000000:rule/look';
    const [first, ...others] = received(world);
    expect(first).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      region: 'us-east-1',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      resources: [ruleArn],
      detail: {},
    });
    const times = [first, ...others].map(({ time }) => Date.parse(time));
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 300_000, 600_000]);
    expect(Math.abs((times[0] ?? 0) - started - 300_000)).toBeLessThan(5_000);
  });

  it('sends its constant input if it has one', async () => {
    const world = await scheduled('rate(1 minute)', { Input: '{"look":"at what is open"}' });
    await world.cloud.advance(130_000);
    expect(received(world)).toEqual([{ look: 'at what is open' }, { look: 'at what is open' }]);
  });

  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(2 days)', 172_800_000],
  ])('with %s fires after %d ms', async (expression, period) => {
    const world = await scheduled(expression);
    await world.cloud.advance(period - 10_000);
    expect(received(world)).toHaveLength(0);
    await world.cloud.advance(10_000);
    expect(received(world)).toHaveLength(1);
  });

  it('fires every minute of two simulated days in order, within seconds', async () => {
    const { cloud, queues } = await startWorld({
      resources: {
        Work: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'Work' } },
        Open: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: {
            Queues: [ref('Work')],
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Service: 'events.amazonaws.com' },
                  Action: 'sqs:SendMessage',
                  Resource: getAtt('Work', 'Arn'),
                  Condition: { ArnEquals: { 'aws:SourceArn': getAtt('Rule', 'Arn') } },
                },
              ],
            },
          },
        },
        ...rule('rate(1 minute)'),
      },
    });
    const before = Date.now();
    await cloud.advance(2 * 86_400_000);
    expect(Date.now() - before).toBeLessThan(20_000);
    const { Attributes } = await queues.send(
      new GetQueueAttributesCommand({
        QueueUrl: `${cloud.url}/000000000000/Work`,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: '2880' });
  });

  it('fires once after skipped time, then keeps its period', async () => {
    const world = await scheduled('rate(1 minute)');
    world.clock.skip(10 * 60_000 + 30_000);
    await world.cloud.settled();
    expect(received(world)).toHaveLength(1);
    await world.cloud.advance(20_000);
    expect(received(world)).toHaveLength(1);
    await world.cloud.advance(10_000);
    expect(received(world)).toHaveLength(2);
  });

  it('sends nothing to a queue whose policy does not allow it', async () => {
    const { WorkPolicy: _open, ...closed } = workQueue('Work', 'Worker');
    const world = await startWorld({
      functions: { Worker: logging },
      resources: { ...closed, ...rule('rate(1 minute)') },
    });
    await world.cloud.advance(61_000);
    expect(world.events('delivery_refused')).toMatchObject([{ source: 'events', queue: 'Work' }]);
    expect(received(world)).toEqual([]);
  });
});

it.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'rate(1 second)',
  'rate(-1 hours)',
  'cron(0 8 * * ? *)',
  '',
])('scheduled rule with the expression "%s" is refused', async (expression) => {
  await expect(scheduled(expression)).rejects.toThrow(`ScheduleExpression ${expression} is not supported`);
});

it.each([
  ['InputPath', rule('rate(1 minute)', { InputPath: '$.detail' })],
  ['InputTransformer', rule('rate(1 minute)', { InputTransformer: {} })],
  ['is not a queue', rule('rate(1 minute)', { Arn: getAtt('Worker', 'Arn') })],
  ['State DISABLED is not supported', rule('rate(1 minute)', {}, { State: 'DISABLED' })],
])('scheduled rule: %s is refused', async (finding, resources) => {
  const started = startWorld({
    functions: { Worker: logging },
    resources: { ...workQueue('Work', 'Worker'), ...resources },
  });
  await expect(started).rejects.toThrow(finding);
});

// Tests how many batches an event source mapping has in work at once, and what a throttled function does to its messages.
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import {
  ending,
  getAtt,
  machine,
  publicUrl,
  run,
  startWorld,
  workQueue,
} from '../../../../support/small-stack.ts';

const logging = 'export const handler = async (event) => { console.log(JSON.stringify(event)); };';
const slow = logging.replace('{', '{ await new Promise((resolve) => setTimeout(resolve, 300));');

type World = Awaited<ReturnType<typeof startWorld>>;

function worker(handler: string, mapping: object = {}) {
  const { WorkDelivery, ...others } = workQueue('Work', 'Worker');
  const Properties = { ...WorkDelivery?.Properties, BatchSize: 1, ...mapping };
  return startWorld({
    functions: { Worker: handler },
    resources: { ...others, WorkDelivery: { Type: 'AWS::Lambda::EventSourceMapping', Properties } },
  });
}

async function send({ queues }: World, count: number) {
  const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: 'Work' }));
  const MessageBody = 'hello';
  await Promise.all(
    Array.from({ length: count }, () => queues.send(new SendMessageCommand({ QueueUrl, MessageBody }))),
  );
}

/** The highest number of invocations that ran at the same time. */
function mostAtOnce({ logged }: World): number {
  let [running, most] = [0, 0];
  for (const { event } of logged) {
    if (event === 'function_invoked') running += 1;
    if (event === 'function_logged') running -= 1;
    most = Math.max(most, running);
  }
  return most;
}

const everyFunction = () => true;
const none = () => false;

describe('an event source mapping', () => {
  it('has MaximumConcurrency batches in work at once, and is settled when all are done', async () => {
    const world = await worker(slow, { ScalingConfig: { MaximumConcurrency: 2 } });
    await send(world, 6);
    await world.cloud.settled();
    expect(world.events('function_logged')).toHaveLength(6);
    expect(mostAtOnce(world)).toBe(2);
  });

  it('has more in work at once without a MaximumConcurrency', async () => {
    const world = await worker(slow);
    await send(world, 6);
    await world.cloud.settled();
    expect(mostAtOnce(world)).toBeGreaterThan(2);
  });
});

describe('a throttled function', () => {
  it('gets no message, and each receive counts', async () => {
    const world = await worker(logging);
    world.cloud.throttle(everyFunction);
    await send(world, 1);
    await world.cloud.settled();
    expect(world.events('invocation_throttled')).toHaveLength(1);
    await world.cloud.advance(30_000);
    world.cloud.throttle(none);
    await world.cloud.settled();
    expect(world.events('function_invoked')).toHaveLength(0);
    await world.cloud.advance(30_000);
    const [{ line } = {}] = world.events('function_logged');
    expect(JSON.parse(String(line)).Records[0].attributes.ApproximateReceiveCount).toBe('2');
  });

  it('loses a message to the dead letters after maxReceiveCount receives', async () => {
    const world = await worker(logging);
    world.cloud.throttle(everyFunction);
    await send(world, 1);
    // The first receive, so that the later ones count from it.
    await world.cloud.settled();
    await world.cloud.advance(119_000);
    expect(world.events('message_dead_lettered')).toHaveLength(0);
    world.cloud.throttle(none);
    await world.cloud.advance(2_000);
    expect(world.events('message_dead_lettered')).toHaveLength(1);
    expect(world.events('function_invoked')).toHaveLength(0);
  });

  it('fails a state with Lambda.TooManyRequestsException', async () => {
    const task = { Type: 'Task', Resource: '${Worker}', End: true };
    const world = await startWorld({
      functions: { Worker: logging },
      resources: machine({ Work: task }, { substitutions: { Worker: getAtt('Worker', 'Arn') } }),
    });
    world.cloud.throttle((name) => name === 'Worker');
    const execution = await run(world);
    expect(await ending(world, execution)).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.TooManyRequestsException',
      cause: expect.stringContaining('Rate Exceeded. (Service: AWSLambda; Status Code: 429'),
    });
  });

  it.each(['BUFFERED', 'RESPONSE_STREAM'])('answers 429 at its URL: %s', async (invokeMode) => {
    const world = await startWorld({
      functions: { Worker: logging },
      resources: publicUrl('Worker', invokeMode),
      outputs: { Url: { Value: getAtt('WorkerUrl', 'FunctionUrl') } },
    });
    world.cloud.throttle((name) => name === 'Worker');
    const answer = await fetch(world.cloud.outputs['Url'] ?? '');
    expect(answer.status).toBe(429);
    expect(world.events('request_failed')).toEqual([]);
  });

  it('is the only one that is throttled', async () => {
    const world = await worker(logging);
    world.cloud.throttle((name) => name !== 'Worker');
    await send(world, 1);
    await world.cloud.settled();
    expect(world.events('function_logged')).toHaveLength(1);
  });
});

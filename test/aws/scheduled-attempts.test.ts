// Tests `firstAttempt` against executions of the local cloud whose waiting state is retried, times out, or is redriven.
import {
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { firstAttempt } from '../../aws/scheduled-attempts.ts';
import { machine, ref, run, startWorld, workQueue } from '../support/small-stack.ts';

const logging =
  'export const handler = async ({ Records }) => { for (const { body } of Records) console.log(body); };';

/** More states than one page of the history has events. */
const passes = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [
    `Pass ${index}`,
    { Type: 'Pass', Next: index === 59 ? 'Ask' : `Pass ${index + 1}` },
  ]),
);

function openAsking(before: object = {}, ErrorEquals: readonly string[] = ['SQS.AmazonSQSException']) {
  const ask = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: {
      QueueUrl: '${Queue}',
      MessageBody: { 'TaskToken.$': '$$.Task.Token', 'RetryCount.$': '$$.State.RetryCount' },
    },
    TimeoutSeconds: 60,
    Retry: [{ ErrorEquals, IntervalSeconds: 20, BackoffRate: 1, MaxAttempts: 5 }],
    End: true,
  };
  return startWorld({
    functions: { Worker: logging },
    resources: {
      ...workQueue('Work', 'Worker'),
      ...machine({ ...before, Ask: ask }, { substitutions: { Queue: ref('Work') } }),
    },
  });
}

type World = Awaited<ReturnType<typeof openAsking>>;

const messages = (world: World): readonly { readonly TaskToken: string; readonly RetryCount: number }[] =>
  world.events('function_logged').map(({ line }) => JSON.parse(String(line)));

/** When each attempt was scheduled, ISO 8601. */
async function scheduledAt(world: World, executionArn: string): Promise<readonly (string | undefined)[]> {
  const { events = [] } = await world.states.send(new GetExecutionHistoryCommand({ executionArn }));
  return events.filter(({ type }) => type === 'TaskScheduled').map((event) => event.timestamp?.toISOString());
}

/** Runs an execution in which this many calls to SQS fail after the message was delivered. */
async function runWithErrors(world: World, errors: number): Promise<string> {
  if (errors > 0) world.cloud.failNextTask('SQS', 'after');
  const executionArn = await run(world);
  for (let left = errors - 1; left >= 0; left -= 1) {
    if (left > 0) world.cloud.failNextTask('SQS', 'after');
    await world.cloud.advance(20_000);
  }
  return executionArn;
}

describe('firstAttempt', () => {
  it.each([
    ['of a short history', {}],
    ['of a history of several pages', passes],
  ])('finds the token of the first attempt from that of each attempt %s', async (_, before) => {
    const world = await openAsking(before);
    const executionArn = await runWithErrors(world, 3);
    const sent = messages(world);
    expect(sent.map(({ RetryCount }) => RetryCount)).toEqual([0, 1, 2, 3]);
    for (const message of sent)
      expect(await firstAttempt(world.states, executionArn, message)).toEqual({
        taskToken: sent[0]?.TaskToken,
        waitsAgainSince: undefined,
      });
  });

  it('finds no message that the execution did not send', async () => {
    const world = await openAsking();
    const [executionArn, other] = [await run(world), await run(world, {}, 'two')];
    const [first, second] = messages(world);
    expect(await firstAttempt(world.states, executionArn, first)).toMatchObject({
      taskToken: first?.TaskToken,
    });
    expect(await firstAttempt(world.states, executionArn, second)).toBeUndefined();
    expect(await firstAttempt(world.states, other, first)).toBeUndefined();
    for (const changed of [
      { ...first, RetryCount: 1 },
      { ...first, Input: {} },
      { TaskToken: first?.TaskToken },
    ])
      expect(await firstAttempt(world.states, executionArn, changed)).toBeUndefined();
  });

  it('does not go back beyond a timeout or a redrive, after which people are asked again', async () => {
    const world = await openAsking({}, ['States.Timeout']);
    const executionArn = await run(world);
    await world.cloud.advance(80_000);
    const [first, retried] = messages(world);
    expect(retried?.RetryCount).toBe(1);
    expect(await firstAttempt(world.states, executionArn, first)).toEqual({
      taskToken: first?.TaskToken,
      waitsAgainSince: undefined,
    });
    expect(await firstAttempt(world.states, executionArn, retried)).toEqual({
      taskToken: retried?.TaskToken,
      waitsAgainSince: (await scheduledAt(world, executionArn))[1],
    });
    await world.states.send(
      new SendTaskFailureCommand({ taskToken: retried?.TaskToken, error: 'Any', cause: 'any' }),
    );
    await world.states.send(new RedriveExecutionCommand({ executionArn }));
    await world.cloud.settled();
    const redriven = messages(world).at(-1);
    expect(redriven?.RetryCount).toBe(0);
    expect(await firstAttempt(world.states, executionArn, redriven)).toEqual({
      taskToken: redriven?.TaskToken,
      waitsAgainSince: undefined,
    });
    for (const message of [first, retried])
      expect(await firstAttempt(world.states, executionArn, message)).toBe('superseded');
  });
});

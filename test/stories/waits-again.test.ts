// Tests a state that waits again, with another task token: because it is retried after a timeout, or because its
// execution is redriven while the message of its earlier wait is a dead letter. People are asked once for each wait.
import { rmSync } from 'node:fs';
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemblyWith, template } from '../support/changed-assembly.ts';
import { BEN, CHLOE, openDesk, type TradingDesk } from '../support/trading-desk.ts';

const MINUTE = 60_000;
const TIMEOUT_SECONDS = 3_600;
let assembly: string;
let desk: TradingDesk;

/** The trading stack whose state waits for an hour, longer than a message is retried, and is retried after a timeout. */
function withRetriedTimeout(): string {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    if (resource.Type !== 'AWS::StepFunctions::StateMachine') return [id, resource] as const;
    const definition = JSON.parse(resource.Properties['DefinitionString']);
    const ask = definition.States['Request Human Approval'];
    ask.TimeoutSeconds = TIMEOUT_SECONDS;
    ask.Parameters.MessageBody.TimeoutSeconds = TIMEOUT_SECONDS;
    ask.Retry.push({ ErrorEquals: ['States.Timeout'], IntervalSeconds: 5, MaxAttempts: 1 });
    definition.TimeoutSeconds = 3 * TIMEOUT_SECONDS;
    const Properties = { ...resource.Properties, DefinitionString: JSON.stringify(definition) };
    return [id, { ...resource, Properties }] as const;
  });
  return assemblyWith(Object.fromEntries(resources));
}

beforeAll(async () => {
  assembly = withRetriedTimeout();
  desk = await openDesk({ assembly });
});

afterAll(async () => {
  await desk.stop();
  rmSync(assembly, { recursive: true });
});

const asked = (title: string) =>
  desk.posts().filter(({ text }) => text.includes(title) && text.includes(' by <!date^'));

async function deadLetters() {
  const QueueUrl = await desk.queueUrl('RequestsDeadLetters');
  const asking = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  const { Attributes: { QueueArn = '', ApproximateNumberOfMessages: count } = {} } =
    await desk.sqs.send(asking);
  return { SourceArn: QueueArn, count };
}

describe('a state that is retried after a timeout', () => {
  it('asks again, with a new deadline', async () => {
    const first = await desk.ask('/trade AMZN 10');
    const arn = await desk.lastExecution();
    await desk.cloud.advance(TIMEOUT_SECONDS * 1_000 + 2 * MINUTE);
    expect(desk.now(first).text).toMatch(/^Expired: /);
    const [second] = asked('10 AMZN');
    expect(second?.text).toContain('Needs approval from');
    if (second) await desk.press(BEN, second, 'approve');
    expect(await desk.execution(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(desk.posts().at(-1)?.text).toMatch(/^Filled: /);
    expect(desk.now(first).text).toMatch(/^Expired: /);
  });
});

describe('a dead letter from before a redrive of its execution', () => {
  it('asks nobody, because the redriven state has asked', async () => {
    const asking = desk.entered('Request Human Approval');
    const started = desk.start({ symbol: 'NVDA', quantity: 3 });
    await asking;
    desk.cloud.refuse('dynamodb', 'AccessDeniedException');
    const executionArn = await started;
    await desk.cloud.advance(25 * MINUTE);
    const { SourceArn, count } = await deadLetters();
    expect(count).toBe('1');
    await desk.sfn.send(new StopExecutionCommand({ executionArn, error: 'Stopped' }));
    desk.cloud.stopFailing('dynamodb');
    await desk.cloud.advance(5 * MINUTE);
    await desk.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await desk.cloud.advance(MINUTE);
    await desk.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    await desk.cloud.advance(MINUTE);
    expect(asked('3 NVDA')).toHaveLength(1);
    const [message] = asked('3 NVDA');
    for (const person of [BEN, CHLOE]) if (message) await desk.press(person, message, 'approve');
    expect(await desk.execution(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

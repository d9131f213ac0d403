// Tests an update of the app to other settings while an execution waits for a decision.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { synthesise } from '../../../local/synthesise.ts';
import { startWorld, type World } from '../../../local/world.ts';

const shorter = mkdtempSync(join(tmpdir(), 'countersign-shorter-'));
let world: World;
let states: SFNClient;

beforeAll(async () => {
  await synthesise(shorter, ['-c', 'approvalTimeoutSeconds=600']);
  world = await startWorld({ assembly: inject('assembly'), port: 0, awsPort: 0, log: () => {} });
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };
  states = new SFNClient({ endpoint: world.cloud.url, region: 'us-east-1', credentials });
});

afterAll(async () => {
  states.destroy();
  await world.stop();
  rmSync(shorter, { recursive: true });
});

async function started(): Promise<string> {
  const stateMachineArn = world.cloud.outputs['StateMachineArn'];
  const command = new StartExecutionCommand({ stateMachineArn, input: '{"symbol":"NVDA"}' });
  const { executionArn = '' } = await states.send(command);
  await world.cloud.settled();
  return executionArn;
}

/** The parameters of the last task that was scheduled, and its time. */
async function waitingTask(executionArn: string) {
  const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
  const { parameters = '', timeoutInSeconds } =
    events.findLast(({ type }) => type === 'TaskScheduled')?.taskScheduledEventDetails ?? {};
  return { timeoutInSeconds, token: String(JSON.parse(parameters).MessageBody.TaskToken) };
}

async function described(executionArn: string) {
  const { status, output } = await states.send(new DescribeExecutionCommand({ executionArn }));
  return { status, outcome: JSON.parse(output ?? '{}').approval?.outcome };
}

describe('updated app', () => {
  it('keeps the definition and the token of a waiting execution, and uses the new timeout for a later one', async () => {
    const old = await started();
    const { token, timeoutInSeconds } = await waitingTask(old);
    expect(timeoutInSeconds).toBe(900);
    const { outputs } = world.cloud;
    await world.cloud.update(shorter);
    expect(world.cloud.outputs).toEqual(outputs);
    const recent = await started();
    expect((await waitingTask(recent)).timeoutInSeconds).toBe(600);
    await world.cloud.advance(605_000);
    expect(await described(recent)).toEqual({ status: 'SUCCEEDED', outcome: 'expired' });
    expect(await described(old)).toMatchObject({ status: 'RUNNING' });
    await states.send(
      new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify({ outcome: 'declined' }) }),
    );
    await world.cloud.settled();
    expect(await described(old)).toEqual({ status: 'SUCCEEDED', outcome: 'declined' });
  });
});

// Tests a state machine that only a pattern of names allows: its requests, its results, and its failures.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesise } from '../../local/synthesise.ts';
import { BEN, openDesk, type TradingDesk } from '../support/trading-desk.ts';

const BUILD = { service: 'checkout', version: '2.14.0' };
const assembly = mkdtempSync(join(tmpdir(), 'countersign-by-pattern-'));
let desk: TradingDesk;

beforeAll(async () => {
  await synthesise(assembly, ['-c', 'match=*StateMachine*'], 'test/two-asks');
  const manifest = 'examples/deploy-approval/manifest.yml';
  desk = await openDesk({ assembly, manifest, channelName: 'deploys' });
});
afterAll(async () => {
  await desk.stop();
  rmSync(assembly, { recursive: true });
});

const newest = () => {
  const message = desk.posts().at(-1);
  if (!message) throw new Error('Nothing was asked.');
  return message;
};

describe('a state machine that a pattern allows', () => {
  it('requests approval, and its result is told', async () => {
    const arn = await desk.start(BUILD);
    const message = newest();
    await desk.decline(BEN, message);
    expect(await desk.execution(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(desk.now(message).text).toMatch(/^Declined: Deploy checkout 2\.14\.0\n/);
  });

  it('is told about if it is stopped', async () => {
    const executionArn = await desk.start(BUILD);
    const message = newest();
    await desk.sfn.send(new StopExecutionCommand({ executionArn, cause: 'Not today' }));
    await desk.cloud.settled();
    expect(desk.now(message).text).toMatch(/^Cancelled: Deploy checkout 2\.14\.0\n/);
  });

  it('is found by the name of its execution', async () => {
    const executionArn = await desk.start(BUILD);
    const name = executionArn.split(':').at(-1) ?? '';
    await desk.slack.say(BEN, `/approvals status ${name}`);
    await desk.cloud.settled();
    expect(desk.privately(BEN).at(-1)).toContain('Deploy checkout 2.14.0');
  });
});

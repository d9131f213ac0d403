// Tests named policies from outside: two state machines ask in two channels, by two policies with two deadlines, and a
// third names a policy that it may not use.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesise } from '../../local/synthesise.ts';
import { BEN, CHLOE, openDesk, operator, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
const assembly = mkdtempSync(join(tmpdir(), 'countersign-policies-'));
let desk: TradingDesk;
let ssm: SSMClient;

beforeAll(async () => {
  await synthesise(assembly, [], 'test/policies');
  const manifest = 'examples/deploy-approval/manifest.yml';
  desk = await openDesk({ assembly, manifest, channelName: 'deploys' });
  ssm = new SSMClient({ ...operator, endpoint: desk.cloud.url });
});
afterAll(async () => {
  ssm.destroy();
  await desk.stop();
  rmSync(assembly, { recursive: true });
});

const requestOf = (title: string) => ({ title, facts: [], reason: '' });

/** Starts an execution that asks, and returns its ARN. */
async function start(machine: string, title: string, more: object = {}): Promise<string> {
  const { executionArn = '' } = await desk.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: desk.cloud.outputs[`${machine}Arn`] ?? '',
      input: JSON.stringify({ request: requestOf(title), ...more }),
    }),
  );
  await desk.cloud.settled();
  return executionArn;
}

const about = (title: string) => desk.posts().filter(({ text }) => text.includes(title));
function only(title: string) {
  const [message, ...others] = about(title);
  if (!message || others.length > 0) throw new Error(`${title} was posted ${others.length + 1} times`);
  return message;
}

/** Minutes until the deadline that the message shows. */
function minutesLeft({ text }: { readonly text: string }): number {
  const [, seconds] = /by <!date\^(\d+)/.exec(text) ?? [];
  return Math.round((Number(seconds) * 1_000 - desk.clock.now()) / MINUTE);
}

describe('named policies', () => {
  it('ask each in its own channel, its own people, until its own deadline', async () => {
    await start('Deploy', 'Deploy checkout');
    await start('Migration', 'Migrate orders');
    const [deploy, migration] = [only('Deploy checkout'), only('Migrate orders')];
    expect([deploy.channel, minutesLeft(deploy)]).toEqual(['C0DEPLOYS', 15]);
    expect([migration.channel, minutesLeft(migration)]).toEqual(['C0DATABASE', 240]);
    expect(JSON.stringify(migration.blocks)).toContain('"Migrate"');
    expect(JSON.stringify(migration.blocks)).toContain('"Not now"');
    await desk.press(BEN, migration, 'approve');
    expect(desk.privately(BEN).at(-1)).toContain('you are not among its approvers');
    await desk.press(CHLOE, migration, 'approve');
    expect(desk.now(migration).text).toMatch(/^Pending: Migrate orders/);
    await desk.press(DANA, migration, 'approve');
    await desk.press(BEN, deploy, 'approve');
    expect(desk.now(migration).text).toMatch(/^Done: Migrate orders/);
    expect(desk.now(deploy).text).toMatch(/^Done: Deploy checkout/);
    expect(desk.replies(migration)).toMatchObject([{ channel: 'C0DATABASE' }]);
    expect(desk.replies(deploy)).toMatchObject([{ channel: 'C0DEPLOYS' }]);
  });

  it('fail a state at once that names a policy that its state machine may not use, and its channel reads it', async () => {
    const arn = await start('Intruder', 'Drop orders', { policy: 'database', Policy: 'database' });
    const cause =
      'The state names the policy "database", but its state machine may use only: default. Nobody was asked; tell your operator.';
    expect(await desk.execution(arn)).toMatchObject({ status: 'FAILED', error: 'PolicyNotAllowed', cause });
    expect(about('Drop orders')).toEqual([]);
    expect(desk.posts().at(-1)).toMatchObject({ channel: 'C0DEPLOYS', text: expect.stringContaining(cause) });
  });

  it('expire at the deadline of the request, although the state would wait longer', async () => {
    const deadline = new Date(desk.clock.now() + 5 * MINUTE).toISOString();
    const arn = await start('Deploy', 'Deploy search', {
      request: { ...requestOf('Deploy search'), deadline },
    });
    const message = only('Deploy search');
    expect(minutesLeft(message)).toBe(5);
    await desk.cloud.advance(5 * MINUTE);
    await desk.press(BEN, message, 'approve');
    expect(desk.privately(BEN).at(-1)).toContain('too late');
    await desk.cloud.advance(2 * MINUTE);
    const { status, output = '{}' } = await desk.execution(arn);
    expect([status, JSON.parse(output).approval]).toMatchObject(['SUCCEEDED', { outcome: 'expired' }]);
    expect(desk.now(message).text).toMatch(/^Expired: Deploy search\nNobody decided in time/);
    expect(desk.replies(message).at(-1)?.text).toContain('*Expired: Deploy search.*');
  });

  it('escalate to the people of the policy, who may then approve', async () => {
    await start('Migration', 'Migrate refunds');
    await desk.cloud.advance(185 * MINUTE);
    const message = only('Migrate refunds');
    await desk.press(BEN, message, 'approve');
    await desk.press(DANA, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Done: Migrate refunds/);
  });

  it('change nothing that waits: channel, people, quorum and labels stay', async () => {
    await start('Migration', 'Migrate users');
    const before = only('Migrate users');
    const changed = {
      channel: 'C0DEPLOYS',
      approvers: [BEN],
      tiers: [{ upToUsd: 1e12, approvals: 1 }],
      escalation: { escalateTo: [] },
      confirmFromUsd: 0,
      delegates: [],
      broadcast: [],
    };
    await ssm.send(
      new PutParameterCommand({
        Name: '/countersign/prod/policies/database',
        Value: JSON.stringify(changed),
        Overwrite: true,
      }),
    );
    // Longer than the functions cache a parameter.
    await desk.cloud.advance(6 * MINUTE);
    await desk.press(BEN, before, 'approve');
    expect(desk.privately(BEN).at(-1)).toContain('you are not among its approvers');
    await start('Migration', 'Migrate carts');
    const after = only('Migrate carts');
    expect(after.channel).toBe('C0DEPLOYS');
    await desk.press(BEN, after, 'approve');
    expect(desk.now(after).text).toMatch(/^Done: Migrate carts/);
    await desk.press(CHLOE, before, 'approve');
    await desk.press(DANA, before, 'approve');
    expect(desk.now(before).text).toMatch(/^Done: Migrate users/);
    expect(desk.now(before).channel).toBe('C0DATABASE');
  });
});

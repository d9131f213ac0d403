// Tests which alarms fire while something is silent, and that none fires on a normal day: the metric filters of the
// synthesised stack are evaluated against the log of the local world.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { rateLimiterTable } from '../../aws/rate-limiter-table.ts';
import { synthesise } from '../../local/synthesise.ts';
import { requestPosts } from '../../slack/rate-limits.ts';
import { watchAlarms } from '../support/alarms.ts';
import { assemblyWith, template } from '../support/changed-assembly.ts';
import { BEN, openDesk, openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';

/** Everything that the functions call. */
const METHODS = [
  'chat.getPermalink',
  'chat.postMessage',
  'chat.update',
  'conversations.history',
  'conversations.open',
  'conversations.replies',
  'usergroups.users.list',
  'users.info',
];
const CHANNEL = 'C0TRADING';

/** The stack with two hours to decide. */
let patient = '';

beforeAll(async () => {
  patient = mkdtempSync(join(tmpdir(), 'countersign-alarms-'));
  await synthesise(patient, ['-c', 'approvalTimeoutSeconds=7200']);
});

afterAll(() => rmSync(patient, { recursive: true }));

async function open(assembly?: string): Promise<TradingDesk> {
  const desk = assembly ? await openDesk({ assembly }) : await openTradingDesk();
  onTestFinished(() => desk.stop());
  return desk;
}

function refuseAll({ slack }: TradingDesk, error: string): void {
  for (const method of METHODS) slack.refuse(method, error);
}

describe('alarms', () => {
  it('fire for the request that nobody saw and for the result that nobody reads, while Slack cannot be reached', async () => {
    const desk = await open();
    const alarms = watchAlarms(desk);
    await desk.ask('/trade AMZN 2');
    refuseAll(desk, 'no_answer');
    await desk.start({ symbol: 'NVDA', quantity: 3 });
    await alarms.advance(10);
    expect(alarms.fired()).toEqual([]);
    await alarms.advance(15);
    expect(alarms.fired()).toEqual(['requests-not-asked-in-time']);
    await alarms.advance(30);
    expect(alarms.fired()).toEqual(['relay-result-stalled', 'requests-not-asked-in-time']);
  });

  it('fire after a quarter of an hour in which Slack cannot be reached, although no deadline is near', async () => {
    const desk = await open(patient);
    const alarms = watchAlarms(desk);
    await desk.ask('/trade AMZN 2');
    refuseAll(desk, 'no_answer');
    await desk.start({ symbol: 'NVDA', quantity: 3 });
    await alarms.advance(15);
    expect(alarms.fired()).toEqual([]);
    await alarms.advance(10);
    expect(alarms.fired()).toEqual(['reconciler-stalled', 'request-approval-stalled']);
  });

  it('fire if the table cannot be reached', async () => {
    const desk = await open(patient);
    const alarms = watchAlarms(desk);
    // The states before read DynamoDB, too.
    const asking = desk.entered('Request Human Approval');
    const started = desk.start({ symbol: 'NVDA', quantity: 3 });
    await asking;
    desk.cloud.refuse('dynamodb');
    await started;
    await alarms.advance(25);
    expect(alarms.fired()).toEqual(['reconciler-stalled', 'request-approval-stalled']);
    desk.cloud.stopFailing('dynamodb');
  });

  it('fire if the schedule does not run', async () => {
    const desk = await openWith('AWS::Events::Rule', 'ReconcileSchedule', { Targets: [] });
    const alarms = watchAlarms(desk);
    await alarms.advance(10);
    expect(alarms.fired()).toEqual(['reconciler-not-running']);
  });

  it('fire if the token is revoked', async () => {
    const desk = await open();
    const alarms = watchAlarms(desk);
    refuseAll(desk, 'token_revoked');
    await desk.start({ symbol: 'NVDA', quantity: 3 });
    await alarms.advance(5);
    expect(alarms.fired()).toContain('request-approval-refused-by-slack');
  });

  it('do not fire on a normal day', async () => {
    const desk = await open();
    const alarms = watchAlarms(desk);
    await desk.press(BEN, await desk.ask('/trade AMZN 2'), 'approve');
    await alarms.advance(10);
    await desk.decline(BEN, await desk.ask('/trade NVDA 1'));
    // This request expires, after its reminder.
    await desk.ask('/trade MSFT 1');
    // This execution is stopped while its request is not posted yet.
    refuseAll(desk, 'no_answer');
    const executionArn = await desk.start({ symbol: 'NVDA', quantity: 4 });
    await desk.sfn.send(new StopExecutionCommand({ executionArn }));
    await desk.start({ symbol: 'NVDA', quantity: 5 });
    await desk.cloud.advance(3 * 60_000);
    for (const method of METHODS) desk.slack.stopFailing(method);
    await alarms.advance(30);
    expect(alarms.fired()).toEqual([]);
  });

  it('do not fire for requests that wait for a rate limit, for longer than a message can be delayed', async () => {
    const desk = await open(patient);
    const alarms = watchAlarms(desk);
    const client = new DynamoDBClient({ ...operator, endpoint: desk.cloud.url });
    onTestFinished(() => client.destroy());
    const limiter = rateLimiterTable(client, desk.cloud.outputs['ApprovalsTable'] ?? '');
    const now = desk.clock.now();
    await limiter.pauseUntil(requestPosts(CHANNEL), new Date(now + 40 * 60_000));
    for (let count = 1; count <= 3; count += 1) await desk.start({ symbol: 'NVDA', quantity: count });
    await alarms.advance(25);
    // Slack limits the rate in spite of the slots, for messages that are older than a quarter of an hour.
    desk.slack.refuse('chat.postMessage', 'ratelimited', { retryAfterSeconds: 30, times: 2 });
    await alarms.advance(25);
    expect(desk.posts()).toHaveLength(3);
    expect(alarms.fired()).toEqual([]);
  });
});

/** Opens the desk with other properties of the one resource of this type whose logical id contains `part`. */
async function openWith(type: string, part: string, properties: object): Promise<TradingDesk> {
  const found = Object.entries(template.Resources).filter(
    ([name, { Type }]) => Type === type && name.includes(part),
  );
  const [[id, resource] = [], ...others] = found;
  if (!id || !resource || others.length > 0) throw new Error(`${found.length} resources are ${part}.`);
  const changed = { ...resource, Properties: { ...resource.Properties, ...properties } };
  const assembly = assemblyWith({ ...template.Resources, [id]: changed });
  onTestFinished(() => rmSync(assembly, { recursive: true }));
  return open(assembly);
}

// Outages that end by themselves need no human: Slack away for an hour while requests arrive and others wait, the table
// throttled for some minutes, every function cold every time. Simulated time, exact ends. Of full size, in some minutes:
//   OUTAGE_REQUESTS=200 npx vitest run test/stories/outages.test.ts
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { ANA, BEN, type Desk, openDesk } from '../../fault-injection/harness.ts';
import { before, breaches } from '../../fault-injection/invariants.ts';
import { untilQuiet } from '../../fault-injection/run-until-idle.ts';
import { stories } from '../../fault-injection/stories.ts';

const MINUTE = 60_000;

/** So many arrive in the hour; a quarter as many wait already. */
const ARRIVING = Number(process.env['OUTAGE_REQUESTS'] ?? 20);
const WAITING = ARRIVING / 4;

/** Half of the minutes for which the table is throttled. */
const AWAY = ARRIVING < 200 ? 2 : 5;
let desk: Desk;

beforeEach(async () => {
  desk = await openDesk(inject('assembly'));
});

afterEach(() => desk.stop());

/** All of Slack that is called. */
const methods = [
  'auth.test',
  'chat.getPermalink',
  'chat.postMessage',
  'chat.update',
  'conversations.history',
  'conversations.open',
  'conversations.replies',
  'usergroups.users.list',
  'users.info',
];

async function approvals(): Promise<readonly Approval[]> {
  const { cloud, dynamodb: client }: { cloud: Desk['cloud']; dynamodb: DynamoDBClient } = desk;
  const found: Approval[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: cloud.outputs['ApprovalsTable'] }))
    found.push(...Items.map((item) => unmarshall(item) as Approval).filter(({ request }) => request));
  return found;
}

/** What does not hold, but for that nobody was asked in time. */
async function faults(was: Awaited<ReturnType<typeof before>>): Promise<readonly string[]> {
  const words = (await breaches(desk, was)).map((breach) => breach.words);
  return words.filter((each) => !each.endsWith('it expired, and nobody was asked'));
}

it(
  `Slack away for an hour: ${WAITING} wait, ${ARRIVING} arrive, and each is told how it ended, once`,
  { timeout: 600_000 },
  async () => {
    const was = await before(desk);
    for (let count = 0; count < WAITING; count += 1) await desk.start({ symbol: 'AMZN', quantity: 1 });
    // All are asked by then, twenty at once and then in turn.
    await desk.cloud.advance(MINUTE);
    for (const method of methods) desk.slack.refuse(method, 'no_answer');
    for (let count = 0; count < ARRIVING; count += 1) {
      await desk.start({ symbol: 'NVDA', quantity: 1 });
      await desk.cloud.advance((60 * MINUTE) / ARRIVING);
    }
    for (const method of methods) desk.slack.stopFailing(method);
    await desk.cloud.advance(MINUTE);
    await desk.presses(BEN, desk.withButton('approve'), 'approve');
    const { stuck, drivenBack } = await untilQuiet(desk);
    expect({ stuck, drivenBack, faults: await faults(was) }).toEqual({
      stuck: [],
      drivenBack: 0,
      faults: [],
    });
    const all = await approvals();
    const ended = (outcome: string) => all.filter(({ result }) => result?.outcome === outcome).length;
    expect(all).toHaveLength(WAITING + ARRIVING);
    expect({ done: ended('done'), expired: ended('expired') }).toEqual({
      done: 1,
      expired: WAITING + ARRIVING - 1,
    });
    // Whoever arrived in the last quarter of an hour was asked after all.
    const asked = all.filter(({ ts, deadline }) => Number(ts) * 1_000 < Date.parse(deadline)).length;
    expect(asked).toBeGreaterThanOrEqual(WAITING + Math.floor(ARRIVING * 0.22));
  },
);

it(
  `the table throttled for ${2 * AWAY} minutes: who waits and who arrives is decided after it`,
  { timeout: 300_000 },
  async () => {
    const was = await before(desk);
    for (let count = 0; count < 2; count += 1) await desk.start({ symbol: 'AMZN', quantity: 1 });
    desk.cloud.refuse('dynamodb', 'ThrottlingException');
    for (let count = 0; count < 2; count += 1) {
      await desk.start({ symbol: 'NVDA', quantity: 1 });
      await desk.cloud.advance(AWAY * MINUTE);
    }
    desk.cloud.stopFailing('dynamodb');
    await desk.cloud.advance(2 * MINUTE);
    for (let count = 0; count < 4; count += 1) await desk.presses(BEN, desk.withButton('approve'), 'approve');
    const { stuck, drivenBack } = await untilQuiet(desk);
    expect({ stuck, drivenBack, faults: await faults(was) }).toEqual({
      stuck: [],
      drivenBack: 0,
      faults: [],
    });
    expect((await approvals()).map(({ result }) => result?.outcome)).toEqual(Array(4).fill('done'));
  },
);

it('every function cold, every time', { timeout: 300_000 }, async () => {
  const was = await before(desk);
  desk.wire.watch(() => {
    desk.cloud.coolDown();
    return undefined;
  });
  await stories['approved by two']?.(desk);
  await stories['declined, asked again']?.(desk);
  await desk.says(ANA, '/trade pending');
  const { stuck, drivenBack } = await untilQuiet(desk);
  expect({ stuck, drivenBack, faults: await faults(was) }).toEqual({ stuck: [], drivenBack: 0, faults: [] });
  expect(desk.takeSilences()).toEqual([]);
});

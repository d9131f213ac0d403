// Tests that outages need no operator: Slack fails for an hour while requests arrive and others are pending, and the
// table is throttled for some minutes. Time is simulated. At full size, in some minutes:
//   OUTAGE_REQUESTS=200 npx vitest run test/stories/outages.slow.test.ts
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { BEN, CHLOE, type Harness, openHarness } from '../../fault-injection/harness.ts';
import { takeBaseline, violations } from '../../fault-injection/invariants.ts';
import { runUntilIdle } from '../../fault-injection/run-until-idle.ts';

const MINUTE = 60_000;

/** So many arrive in the hour; a quarter as many wait already. */
const ARRIVING = Number(process.env['OUTAGE_REQUESTS'] ?? 20);
const WAITING = ARRIVING / 4;

/** Half of the minutes for which the table is throttled. */
const AWAY = ARRIVING < 200 ? 2 : 5;
let harness: Harness;

beforeEach(async () => {
  harness = await openHarness(inject('assembly'));
});

afterEach(() => harness.stop());

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
  const { cloud, dynamodb: client }: { cloud: Harness['cloud']; dynamodb: DynamoDBClient } = harness;
  const found: Approval[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: cloud.outputs['ApprovalsTable'] }))
    found.push(...Items.map((item) => unmarshall(item) as Approval).filter(({ request }) => request));
  return found;
}

/** What does not hold, but for that nobody was asked in time. */
async function faults(was: Awaited<ReturnType<typeof takeBaseline>>): Promise<readonly string[]> {
  const descriptions = (await violations(harness, was)).map(({ description }) => description);
  return descriptions.filter((each) => !each.endsWith('it expired, and the request was posted too late'));
}

describe('an outage', () => {
  it(
    `of Slack for an hour, with ${WAITING} pending and ${ARRIVING} new requests, ends with one result for each`,
    { timeout: 600_000 },
    async () => {
      const was = await takeBaseline(harness);
      for (let count = 0; count < WAITING; count += 1) await harness.start({ symbol: 'AMZN', quantity: 1 });
      // All are asked by then, twenty at once and then in turn.
      await harness.cloud.advance(MINUTE);
      for (const method of methods) harness.slack.refuse(method, 'no_answer');
      for (let count = 0; count < ARRIVING; count += 1) {
        await harness.start({ symbol: 'NVDA', quantity: 1 });
        await harness.cloud.advance((60 * MINUTE) / ARRIVING);
      }
      for (const method of methods) harness.slack.stopFailing(method);
      await harness.cloud.advance(MINUTE);
      for (const person of [BEN, CHLOE])
        await harness.presses(person, harness.withButton('approve'), 'approve');
      const { stuck, redriven } = await runUntilIdle(harness);
      expect({ stuck, redriven, faults: await faults(was) }).toEqual({
        stuck: [],
        redriven: 0,
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
    `of the table for ${2 * AWAY} minutes ends with a decision for pending and new requests`,
    { timeout: 300_000 },
    async () => {
      const was = await takeBaseline(harness);
      for (let count = 0; count < 2; count += 1) await harness.start({ symbol: 'AMZN', quantity: 1 });
      harness.cloud.refuse('dynamodb', 'ThrottlingException');
      for (let count = 0; count < 2; count += 1) {
        await harness.start({ symbol: 'NVDA', quantity: 1 });
        await harness.cloud.advance(AWAY * MINUTE);
      }
      harness.cloud.stopFailing('dynamodb');
      await harness.cloud.advance(2 * MINUTE);
      for (let count = 0; count < 4; count += 1)
        for (const person of [BEN, CHLOE])
          await harness.presses(person, harness.withButton('approve'), 'approve');
      const { stuck, redriven } = await runUntilIdle(harness);
      expect({ stuck, redriven, faults: await faults(was) }).toEqual({
        stuck: [],
        redriven: 0,
        faults: [],
      });
      expect((await approvals()).map(({ result }) => result?.outcome)).toEqual(Array(4).fill('done'));
    },
  );

  it(
    'of Slack for twelve hours loses no result, although Lambda counts how often a message returns',
    { timeout: 300_000 },
    async () => {
      const was = await takeBaseline(harness);
      await harness.start({ symbol: 'AMZN', quantity: 1 });
      await harness.cloud.advance(MINUTE);
      for (const method of methods) harness.slack.refuse(method, 'no_answer');
      await harness.start({ symbol: 'NVDA', quantity: 1 });
      for (let hours = 0; hours < 12; hours += 1) await harness.cloud.advance(60 * MINUTE);
      for (const method of methods) harness.slack.stopFailing(method);
      await harness.cloud.advance(20 * MINUTE);
      const { stuck, redriven } = await runUntilIdle(harness);
      expect({ stuck, redriven, faults: await faults(was) }).toEqual({ stuck: [], redriven: 0, faults: [] });
      expect((await approvals()).map(({ result }) => result?.outcome)).toEqual(['expired', 'expired']);
    },
  );
});

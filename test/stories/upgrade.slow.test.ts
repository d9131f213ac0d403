// Tests that a new version of the stack trades what people approved, or are still asked to approve, under the old one:
// only the terms are compared, so texts, labels, the order of facts, the policy and the defaults of settings may change.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Mutation, mutateSource } from '../../fault-injection/mutate-source.ts';
import { synthesise } from '../../local/synthesise.ts';
import { BEN, CHLOE, openDesk, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const RECOMMENDATION = 'domain/trading/recommendation.ts';

const wording: readonly Mutation[] = [
  {
    file: RECOMMENDATION,
    line: "title: `${side === 'buy' ? 'Buy' : 'Sell'} ${shares(quantity)} ${symbol}`",
    instead: "title: `${side === 'buy' ? 'Purchase' : 'Dispose of'} ${shares(quantity)} shares of ${symbol}`",
  },
  {
    file: RECOMMENDATION,
    line: "facts: [{ label: 'Price', value: usd(quote.price), at: quote.at }]",
    instead:
      "facts: [{ label: 'Average', value: usd(quote.average) }, { label: 'Quote', value: usd(quote.price), at: quote.at }]",
  },
  {
    file: RECOMMENDATION,
    line: "return `${percent} % ${where} the last hour's average.`",
    instead: 'return `The price is ${percent} % ${where} the average.`',
  },
];

/** Ben approves nothing any more. */
const otherSettings = [
  'defaultQuantity=25',
  'approvalTimeoutSeconds=600',
  'confirmFromUsd=1',
  `approvers=${CHLOE},U0DANA,U0ANA`,
  'tiers=[{"upToUsd":250000,"approvals":2}]',
  'startedOutsideSlack=as-usual',
].flatMap((setting) => ['-c', setting]);

let desk: TradingDesk;
let synthesised: string;
let next: string;

beforeAll(async () => {
  desk = await openTradingDesk();
  synthesised = mkdtempSync(join(tmpdir(), 'countersign-upgrade-'));
  await synthesise(synthesised, otherSettings);
  next = await mutateSource(synthesised, ...wording);
});

afterAll(async () => {
  await desk.stop();
  for (const folder of [next, synthesised]) rmSync(folder, { recursive: true });
});

/** The buttons of the version before terms were in them. */
const withoutTerms: readonly Mutation[] = [
  {
    file: 'slack/views/decision-button.ts',
    line: 'value: decisionValue(approval)',
    instead: 'value: approvalValue(approval)',
  },
];

describe('a version whose buttons have terms', () => {
  it('counts presses of buttons that an earlier version posted', async () => {
    const before = await mutateSource(inject('assembly'), ...withoutTerms);
    const earlier = await openDesk({ assembly: before });
    try {
      const [waiting, declined] = [await earlier.ask('/trade AMZN'), await earlier.ask('/trade AMZN')];
      const half = await earlier.ask('/trade AMZN 200');
      await earlier.press(BEN, half, 'approve');
      expect(JSON.stringify(earlier.now(half).blocks)).not.toContain('termsDigest');
      await earlier.cloud.update(inject('assembly'));
      await earlier.press(BEN, waiting, 'approve');
      await earlier.press(CHLOE, half, 'approve');
      await earlier.decline(CHLOE, declined);
      expect(earlier.now(waiting).text).toMatch(/^Filled: (Buy|Sell) 10 AMZN/);
      expect(earlier.now(half).text).toMatch(/^Filled: (Buy|Sell) 200 AMZN/);
      expect(earlier.now(declined).text).toMatch(/^Declined: /);
      const after = await earlier.ask('/trade AMZN');
      expect(JSON.stringify(after.blocks)).toMatch(/termsDigest[^,]*[0-9a-f]{64}/);
    } finally {
      await earlier.stop();
      rmSync(before, { recursive: true });
    }
  });
});

describe('a new version with another policy, other texts, labels, facts and defaults', () => {
  it('trades what was asked before it by the policy of that time, and asks by its own afterwards', async () => {
    const [waiting, half] = [await desk.ask('/trade AMZN'), await desk.ask('/trade AMZN 200')];
    await desk.press(BEN, half, 'approve');
    await desk.cloud.update(next);
    await desk.press(BEN, waiting, 'approve');
    await desk.press(CHLOE, half, 'approve');
    expect(desk.now(waiting).text).toMatch(/^Filled: (Buy|Sell) 10 AMZN/);
    expect(desk.now(half).text).toMatch(/^Filled: (Buy|Sell) 200 AMZN/);
    const after = await desk.ask('/trade AMZN');
    expect(after.text).toMatch(/^(Purchase|Dispose of) 25 shares of AMZN for USD/);
    await desk.press(BEN, after, 'approve');
    expect(desk.privately(BEN).at(-1)).toContain('you are not among its approvers');
    await desk.press(CHLOE, after, 'approve');
    await desk.press('U0DANA', after, 'approve');
    expect(desk.now(after).text).toMatch(/^Filled: /);
  });
});

// Tests that a new version of the stack trades what people approved, or are still asked to approve, under the old one:
// only the terms are compared, so texts, labels, the order of facts and the defaults of settings may change.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mutation, mutateSource } from '../../fault-injection/mutate-source.ts';
import { synthesise } from '../../local/synthesise.ts';
import { BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

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

const otherDefaults = ['defaultQuantity=25', 'approvalTimeoutSeconds=600', 'confirmFromUsd=1'].flatMap(
  (setting) => ['-c', setting],
);

let desk: TradingDesk;
let synthesised: string;
let next: string;

beforeAll(async () => {
  desk = await openTradingDesk();
  synthesised = mkdtempSync(join(tmpdir(), 'countersign-upgrade-'));
  await synthesise(synthesised, otherDefaults);
  next = await mutateSource(synthesised, ...wording);
});

afterAll(async () => {
  await desk.stop();
  for (const folder of [next, synthesised]) rmSync(folder, { recursive: true });
});

describe('a new version with other texts, labels, facts and defaults', () => {
  it('trades what was asked before it, and asks in its own words afterwards', async () => {
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
    expect(desk.now(after).text).toMatch(/^Filled: /);
  });
});

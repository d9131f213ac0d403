// Tests that a new version of the stack trades what people approved, or are still asked to approve, under the old one:
// only the terms are compared, so texts, labels, the order of facts, the policy and the defaults of settings may change.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Mutation, mutateSource } from '../../fault-injection/mutate-source.ts';
import { synthesise } from '../../local/synthesise.ts';
import { assemblyWith, template } from '../support/changed-assembly.ts';
import {
  BEN,
  CHLOE,
  hasButtons,
  openDesk,
  openTradingDesk,
  operator,
  type TradingDesk,
} from '../support/trading-desk.ts';

const RECOMMENDATION = 'domain/trading/recommendation.ts';

const wording: readonly Mutation[] = [
  {
    file: RECOMMENDATION,
    line: "return `${side === 'buy' ? 'Buy' : 'Sell'} ${shares(quantity)} ${symbol}`",
    instead: "return `${side === 'buy' ? 'Purchase' : 'Dispose of'} ${shares(quantity)} shares of ${symbol}`",
  },
  {
    file: RECOMMENDATION,
    line: "label: 'Limit',",
    instead: "label: 'Worst price',",
  },
  {
    file: RECOMMENDATION,
    line: "label: 'Price',",
    instead: "label: 'Quote',",
  },
  {
    file: RECOMMENDATION,
    line: "reason: `The price is ${percent} % ${where} the last hour's average.`",
    instead: 'reason: `The price is ${percent} % ${where} the average.`',
  },
];

/** Ben approves nothing any more. */
const otherSettings = [
  'defaultQuantity=25',
  'priceBandPercent=0.5',
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

/** The terms of version 1, and no other terms in the data of the execution. */
const withTermsVersion1: readonly Mutation[] = [
  {
    file: 'functions/trading/generate-recommendation.ts',
    line: 'terms,\n      request: { ...tradeRequest(terms, context), terms },',
    instead: `request: {
        ...tradeRequest(terms, context),
        terms: { version: 1, side: recommendation.side, symbol, quantity: terms.quantity, price, priced_at: at, requester: requestedBy },
      },`,
  },
];

/** The state machine of that time: without Pre-Trade Check, and “Buy or Sell?” did not know the terms. */
function definitionVersion1(): string {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    if (resource.Type !== 'AWS::StepFunctions::StateMachine') return [id, resource] as const;
    const text = resource.Properties['DefinitionString'].replaceAll('$.terms.side', '$.recommended_type');
    const definition = JSON.parse(text);
    const { 'Pre-Trade Check': _check, 'Trade Refused': _refused, ...States } = definition.States;
    States['Generate Buy/Sell recommendation'].Next = 'Request Human Approval';
    delete States['Check Stock Price'].Catch;
    const { PreTradeCheckArn: _arn, ...DefinitionSubstitutions } =
      resource.Properties['DefinitionSubstitutions'];
    const DefinitionString = JSON.stringify({ ...definition, States });
    return [
      id,
      { ...resource, Properties: { ...resource.Properties, DefinitionString, DefinitionSubstitutions } },
    ] as const;
  });
  return assemblyWith(Object.fromEntries(resources));
}

/** From now on, prices of the symbol are multiplied. */
async function movePrice({ cloud, clock }: TradingDesk, symbol: string, factor: number): Promise<void> {
  const client = new DynamoDBClient({ ...operator, endpoint: cloud.url });
  const since = new Date(clock.now()).toISOString();
  const Item = marshall({ account: `market ${symbol}`, events: [{ since, factor }] });
  await client.send(new PutItemCommand({ TableName: cloud.outputs['LedgerTable'], Item }));
  client.destroy();
}

describe('a version with limit orders', () => {
  it('places what people approve under terms of version 1, at no worse price than they approved', async () => {
    const definition = definitionVersion1();
    const before = await mutateSource(definition, ...withTermsVersion1);
    const earlier = await openDesk({ assembly: before });
    try {
      const better = await earlier.ask('/trade AMZN');
      const executionArn = await earlier.lastExecution();
      const worse = await earlier.ask('/trade MSFT');
      const half = await earlier.ask('/trade AMZN 200');
      await earlier.press(BEN, half, 'approve');
      await earlier.cloud.update(inject('assembly'));
      const improves = (text: string) => (/^(Pending: )?Buy/.test(text) ? 0.98 : 1.02);
      await movePrice(earlier, 'AMZN', improves(better.text));
      await movePrice(earlier, 'MSFT', 2 - improves(worse.text));
      await earlier.press(BEN, better, 'approve');
      await earlier.press(CHLOE, half, 'approve');
      await earlier.press(BEN, worse, 'approve');
      expect(earlier.now(better).text).toMatch(/^Filled: (Buy|Sell) 10 AMZN/);
      expect(earlier.now(half).text).toMatch(/^Filled: (Buy|Sell) 200 AMZN/);
      expect(earlier.now(worse).text).toMatch(/^Not filled: (Buy|Sell) 10 MSFT.*The price moved from USD/s);
      const { output = '' } = await earlier.execution(executionArn);
      const { request, fill } = JSON.parse(output);
      expect(request.terms.version).toBe(1);
      const worst = request.terms.price;
      expect(fill.side === 'buy' ? fill.price <= worst : fill.price >= worst).toBe(true);
      expect(hasButtons(earlier.now(worse))).toBe(true);
      await earlier.press(BEN, worse, 'resubmit');
      const [again] = earlier.posts().slice(-1);
      expect(again?.text).toMatch(
        /^Pending: (Buy|Sell) 10 MSFT.*Resubmitted after the earlier request was not carried out: “The price moved/s,
      );
      if (again) await earlier.press(CHLOE, again, 'approve');
      expect(earlier.posts().at(-1)?.text).toMatch(/^Filled: (Buy|Sell) 10 MSFT/);
    } finally {
      await earlier.stop();
      for (const folder of [before, definition]) rmSync(folder, { recursive: true });
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
    expect(after.text).toMatch(/^Pending: (Purchase|Dispose of) 25 shares of AMZN, total USD/);
    await desk.press(BEN, after, 'approve');
    expect(desk.privately(BEN).at(-1)).toContain('you are not among its approvers');
    await desk.press(CHLOE, after, 'approve');
    await desk.press('U0DANA', after, 'approve');
    expect(desk.now(after).text).toMatch(/^Filled: /);
  });
});

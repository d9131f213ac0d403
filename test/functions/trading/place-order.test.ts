// Tests the states that trade: they place only approved orders, on the approved terms, once.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Approvals, approvalsTable } from '../../../aws/approvals-table.ts';
import { ledger, type Ledger } from '../../../aws/trading/ledger.ts';
import type { Log } from '../../../aws/log.ts';
import type { Approval } from '../../../domain/approval.ts';
import { digestTerms } from '../../../domain/terms.ts';
import type { Side } from '../../../domain/trading/recommendation.ts';
import { tradeTerms } from '../../../domain/trading/trade-terms.ts';
import { placeOrder } from '../../../functions/trading/place-order.ts';
import { recommendationIn } from '../../../functions/trading/trade-input.ts';
import { approval } from '../../support/approvals.ts';
import { startDynamoDB, type TestDynamoDB } from '../../support/dynamodb.ts';

const now = () => new Date('2026-11-02T10:05:30.000Z');
let approvalsDatabase: TestDynamoDB;
let ledgerDatabase: TestDynamoDB;
let approvals: Approvals;
let account: Ledger;
let count = 0;

beforeAll(async () => {
  const both = [startDynamoDB('Approvals', 'execution', 'id'), startDynamoDB('Ledger', 'account')] as const;
  [approvalsDatabase, ledgerDatabase] = await Promise.all(both);
  approvals = approvalsTable(approvalsDatabase.client, 'Approvals');
  account = ledger(ledgerDatabase.client, 'Ledger');
});

afterAll(() => [approvalsDatabase, ledgerDatabase].forEach((each) => each.close()));

const trade = {
  symbol: 'AMZN',
  quantity: 10,
  stock_price: 182.2,
  average_price: 184.79,
  priced_at: '2026-11-02T10:00:00.000Z',
  recommended_type: 'buy' as const,
  reason: 'AMZN is cheap.',
  requestedBy: 'U0ANA',
  request: { title: 'what the input says is asked does not count' },
};

/** The state's input for a trade that was approved in an execution of its own. */
async function approvedTrade(differences: Partial<Approval> = {}) {
  const execution = `run-${(count += 1)}`;
  const ExecutionId = `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
  const decided = { outcome: 'approved', id: approval().id } as const;
  const Input = { ...trade, approval: decided };
  const terms = digestTerms(tradeTerms(recommendationIn(Input), trade.requestedBy));
  const decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;
  await approvals.create(
    approval({ execution, executionArn: ExecutionId, terms, status: 'approved', decision, ...differences }),
    `token-${execution}`,
  );
  return { Input, ExecutionId };
}

const logged: object[] = [];
const log: Log = (event, fields) => void logged.push({ event, ...fields });
const run = (side: Side, input: unknown, at = now) =>
  placeOrder(side, { approvals, ledger: account, now: at, log })(input);

describe('placeOrder', () => {
  it('trades what was approved and returns id, side, quantity, price and time', async () => {
    const input = await approvedTrade();
    const output = await run('buy', input);
    expect(output).toMatchObject({
      ...input.Input,
      fill: {
        id: expect.stringMatching(/^paper-[0-9a-f]{16}$/),
        side: 'buy',
        symbol: 'AMZN',
        quantity: 10,
        price: 182.2,
        time: '2026-11-02T10:05:30.000Z',
      },
      result: {
        outcome: 'done',
        label: 'Filled',
        emoji: ':chart_with_upwards_trend:',
        text: expect.stringMatching(/^Bought 10 AMZN at USD 182\.20, USD 1,822\.00 in all\. Order paper-/),
      },
    });
  });

  it('derives the order id from the execution and the approval alone, not from the time', async () => {
    const input = await approvedTrade();
    const ids: string[] = [];
    const broker: Ledger = {
      fillOf: async (id) => void ids.push(id),
      place: async () => ({ rejected: 'not now' }),
    };
    for (const time of ['2026-11-02T10:05:30.000Z', '2026-11-02T10:09:00.000Z'])
      await expect(
        placeOrder('buy', { approvals, ledger: broker, now: () => new Date(time), log })(input),
      ).rejects.toMatchObject({ name: 'OrderRejected' });
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it('returns the same order when the state is retried', async () => {
    const input = await approvedTrade();
    const first = await run('buy', input);
    expect(await run('buy', input)).toEqual(first);
  });

  it('refuses an approval that is older than the time that people had to decide, unless the order was placed', async () => {
    const inTime = () => new Date('2026-11-02T10:20:00.000Z');
    const later = () => new Date('2026-11-02T10:20:00.001Z');
    const old = await approvedTrade();
    await expect(run('buy', old, later)).rejects.toMatchObject({
      name: 'ApprovalTooOld',
      message: expect.stringContaining('nothing was traded. Request the trade again.'),
    });
    const first = await run('buy', old, inTime);
    expect(await run('buy', old, later)).toEqual(first);
  });

  it.each<[string, object]>([
    ['more shares', { quantity: 11 }],
    ['another price', { stock_price: 182.21 }],
    ['another symbol', { symbol: 'NVDA' }],
    ['another requester', { requestedBy: 'U0BEN' }],
    ['another time of the price', { priced_at: '2026-11-02T10:00:01.000Z' }],
    ['the other side', { recommended_type: 'sell' as const }],
  ])('refuses terms that nobody approved: %s', async (_, terms) => {
    const { Input, ExecutionId } = await approvedTrade();
    await expect(run('buy', { Input: { ...Input, ...terms }, ExecutionId })).rejects.toMatchObject({
      name: 'NotApproved',
    });
  });

  it.each<[string, Partial<Approval>]>([
    ['is pending', { status: 'pending', decision: undefined }],
    [
      'was declined',
      { status: 'declined', decision: { outcome: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } },
    ],
    ['expired, even if it was decided', { status: 'expired' }],
    ['is of another pause', { id: 'approval-other' }],
    ['has no terms', { terms: undefined }],
    ['has other terms', { terms: digestTerms({ version: 1, side: 'buy' }) }],
    [
      'is of another state machine',
      { executionArn: 'arn:aws:states:us-east-1:000000000000:execution:other:run' },
    ],
  ])('refuses if the approval %s', async (_, differences) => {
    const input = await approvedTrade(differences);
    await expect(run('buy', input)).rejects.toMatchObject({ name: 'NotApproved' });
  });

  it.each<[string, object]>([
    ['the reason', { reason: 'Other words.' }],
    ['the note', { note: 'Before the split' }],
    ['the average price', { average_price: 1 }],
  ])('does not compare what people only read: %s', async (_, differences) => {
    const { Input, ExecutionId } = await approvedTrade();
    const output = await run('buy', { Input: { ...Input, ...differences }, ExecutionId });
    expect(output.result.outcome).toBe('done');
  });

  it('refuses to sell if a purchase was approved', async () => {
    await expect(run('sell', await approvedTrade())).rejects.toMatchObject({ name: 'NotApproved' });
  });

  it('fills an order in a ledger that is nearly full, and logs how much is in it and what to do', async () => {
    const of = (index: number) => `paper-${index.toString(16).padStart(16, '0')}`;
    // As large as a fill becomes.
    const fillOf = (id: string) => ({
      id,
      side: 'sell',
      symbol: 'ABCDEFGHIJ',
      quantity: 999_999,
      price: 123_456.78,
      time: now().toISOString(),
    });
    const ids = Array.from({ length: 2_698 }, (_, index) => of(index));
    const fills = Object.fromEntries(ids.map((id) => [id, fillOf(id)]));
    const Item = marshall({ account: 'paper', cash: 100_000_000, positions: {}, fills, revision: 1 });
    await ledgerDatabase.client.send(new PutItemCommand({ TableName: 'Ledger', Item }));
    logged.length = 0;
    await run('buy', await approvedTrade());
    expect(logged).toEqual([]);
    await run('buy', await approvedTrade());
    expect(logged).toEqual([
      { event: 'ledger_nearly_full', fills: 2_700, remedy: expect.stringContaining('docs/operating.md') },
    ]);
  });

  it('names the invalid field of an input, without its value', async () => {
    const { Input, ExecutionId } = await approvedTrade();
    const input = { Input: { ...Input, quantity: 'ten thousand' }, ExecutionId };
    await expect(run('buy', input)).rejects.toMatchObject({
      name: 'InvalidInput',
      message: 'Input.quantity must be number.',
    });
  });
});

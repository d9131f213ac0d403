// Tests the orders of the states that trade: one order for one approval, and what a filled order returns.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executionName } from '../../../aws/executions.ts';
import { digestTerms } from '../../../domain/terms.ts';
import {
  type Approved,
  DECIDED_AT,
  NOW,
  retried,
  sale,
  startBroker,
  type TestBroker,
} from './approved-trade.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
  await broker.price(183, DECIDED_AT);
  await broker.price(182.2, NOW);
});

afterEach(() => broker.close());

const selling: Approved = { terms: sale, input: { terms: sale, side: 'sell' } };
const bought = async (approved?: Approved) => broker.run('buy', await broker.approve(approved));
const sold = async (approved: Approved = selling) => broker.run('sell', await broker.approve(approved));

describe('a filled order', () => {
  it('is bought at the ask, and says what it cost and how far that is from the price that people saw', async () => {
    const input = await broker.approve();
    const output = await broker.run('buy', input);
    expect(output).toEqual({
      ...input.Input,
      fill: {
        id: expect.stringMatching(/^paper-[0-9a-f]{64}$/),
        side: 'buy',
        symbol: 'AMZN',
        quantity: 10,
        price: 182.22,
        time: '2026-11-02T10:05:30.000Z',
        priceShown: 182.2,
        priceAtApproval: 183,
        limitPrice: '184.50',
        slippageUsd: 0.2,
        slippageBps: 1.1,
      },
      result: {
        outcome: 'done',
        label: 'Filled',
        text: 'Bought 10 AMZN at USD 182.22, total USD 1,822.20. Slippage: USD 0.20 more in total than at USD 182.20 (1.1 bps).',
      },
    });
    expect((await broker.stored())['paper']).toMatchObject({
      cash: 100_000_000 - 182_220,
      positions: { AMZN: 1_010 },
    });
  });

  it('is sold at the bid', async () => {
    const { fill, result } = await sold();
    expect(fill).toMatchObject({ side: 'sell', price: 182.18, slippageUsd: 0.2, slippageBps: 1.1 });
    expect(result?.text).toBe(
      'Sold 10 AMZN at USD 182.18, total USD 1,821.80. Slippage: USD 0.20 less in total than at USD 182.20 (1.1 bps).',
    );
  });

  it.each([
    [184, 18.2, 99.9, 'Slippage: USD 18.20 more in total than at USD 182.20 (99.9 bps).'],
    [182.18, 0, 0, 'No slippage from USD 182.20.'],
    [180, -21.8, -119.6, 'Slippage: USD 21.80 less in total than at USD 182.20 (-119.6 bps).'],
  ])(
    'bought at a price of %d has a slippage of USD %d, which is %d bps',
    async (price, slippageUsd, slippageBps, says) => {
      await broker.price(price);
      const { fill, result } = await bought();
      expect(fill).toMatchObject({ slippageUsd, slippageBps });
      expect(result?.text).toContain(says);
    },
  );

  it.each([
    [181, 12.2, 67, 'Slippage: USD 12.20 less in total than at USD 182.20 (67 bps).'],
    [182.22, 0, 0, 'No slippage from USD 182.20.'],
    [184, -17.8, -97.7, 'Slippage: USD 17.80 more in total than at USD 182.20 (-97.7 bps).'],
  ])(
    'sold at a price of %d has a slippage of USD %d, which is %d bps',
    async (price, slippageUsd, slippageBps, says) => {
      await broker.price(price);
      const { fill, result } = await sold();
      expect(fill).toMatchObject({ slippageUsd, slippageBps });
      expect(result?.text).toContain(says);
    },
  );

  it('says nothing of a quote at the approval that is not known', async () => {
    await broker.price(undefined, DECIDED_AT);
    await broker.price(182.2);
    const { fill, result } = await bought();
    expect(fill).toMatchObject({ priceAtApproval: undefined, priceShown: 182.2 });
    expect(result?.text).toContain('Slippage: USD 0.20 more in total than at USD 182.20');
  });

  it('is never filled at a price worse than its limit, and is at its limit', async () => {
    await broker.price(184.48);
    expect((await bought()).fill).toMatchObject({ price: 184.5 });
    await broker.price(180.52);
    expect((await sold()).fill).toMatchObject({ price: 180.5 });
  });
});

describe('one approval', () => {
  it('has one order id, whatever the time and the market', async () => {
    const input = await broker.approve();
    const ids: string[] = [];
    const place = async ({ id }: { readonly id: string }) => {
      ids.push(id);
      throw new Error('no answer');
    };
    const deaf = { broker: { ...broker.broker, place } };
    const attempt = async (of: object) =>
      expect(broker.run('buy', of, deaf)).rejects.toMatchObject({ name: 'OrderUnknown' });
    await attempt(input);
    await broker.price(182);
    broker.advance(200);
    await attempt(input);
    await attempt(await broker.approve());
    expect(ids).toEqual([ids[0], ids[0], expect.not.stringMatching(`^${ids[0]}$`)]);
  });

  it('is filled once if the state is retried, whatever the market and the account do now', async () => {
    const input = await broker.approve();
    const first = await broker.run('buy', input);
    for (const price of [91.1, 400, { price: 182.2, ageSeconds: 3_600 }, undefined]) {
      await broker.price(price);
      expect(await broker.run('buy', input)).toEqual(first);
    }
    const restricted = { symbols: [], restricted: ['AMZN'], maxAmount: 1 };
    expect(await broker.run('buy', input, { limits: restricted })).toEqual(first);
    await broker.setAccount({ cash: 0, positions: { AMZN: 1_010 } });
    expect(await broker.run('buy', input)).toEqual(first);
    expect((await broker.stored())['paper']).toMatchObject({ cash: 0, positions: { AMZN: 1_010 } });
  });

  it('is filled once by several workers', async () => {
    const input = await broker.approve();
    const workers = await Promise.allSettled([1, 2, 3].map(() => broker.run('buy', input)));
    const outputs = workers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const errors = workers.flatMap((each) => (each.status === 'rejected' ? [each.reason.name] : []));
    expect(new Set(errors)).toEqual(new Set(errors.length > 0 ? ['OrderUnknown'] : []));
    const last = await retried(broker, () => broker.run('buy', input));
    expect(new Set([...outputs, last].map((output) => JSON.stringify(output))).size).toBe(1);
    expect((await broker.stored())['paper']).toMatchObject({
      cash: 100_000_000 - 182_220,
      positions: { AMZN: 1_010 },
    });
  });

  it('is too old after the time that people had to decide, unless the order was placed', async () => {
    const [inTime, later] = ['2026-11-02T10:20:00.000Z', '2026-11-02T10:20:00.001Z'].map(
      (time) => new Date(time),
    ) as [Date, Date];
    const old = await broker.approve();
    broker.clock.now = later;
    const unfilled = await broker.run('buy', old);
    expect(unfilled.fill).toBeUndefined();
    expect(unfilled.result).toMatchObject({
      outcome: 'unfilled',
      text: 'The approval is too old: it is older than the time that people had to decide.',
      resubmit: { label: 'Resubmit', input: { symbol: 'AMZN', side: 'buy', quantity: 10 } },
    });
    const placed = await broker.approve();
    broker.clock.now = inTime;
    const first = await broker.run('buy', placed);
    expect(first.result?.outcome).toBe('done');
    broker.clock.now = later;
    expect(await broker.run('buy', placed)).toEqual(first);
  });
});

describe('an input', () => {
  it.each([
    [{ quantity: 'ten thousand' }, 'Input.quantity must be number.'],
    [{ terms: { version: 1 } }, /^Input\.terms\./],
    [{ approval: { outcome: 'declined', id: 'x' } }, /^Input\.approval\.outcome/],
  ])('that is invalid is named without its value: %o', async (differences, message) => {
    const approved = await broker.approve();
    const input = { ...approved, Input: { ...approved.Input, ...differences } };
    await expect(broker.run('buy', input)).rejects.toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(message),
    });
  });

  it.each(['WorkSeconds', 'RedriveCount', 'ExecutionId'])('without %s is refused', async (member) => {
    const input = { ...(await broker.approve()), [member]: undefined };
    await expect(broker.run('buy', input)).rejects.toMatchObject({ name: 'InvalidInput' });
  });

  it('must be of the execution that was approved', async () => {
    const input = await broker.approve();
    const other = await broker.approve({ record: { terms: digestTerms({ other: true }) } });
    expect(executionName(input.ExecutionId)).not.toBe(executionName(other.ExecutionId));
    await expect(broker.run('buy', { ...input, ExecutionId: other.ExecutionId })).rejects.toMatchObject({
      name: 'NotApproved',
    });
  });
});

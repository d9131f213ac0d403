// Tests the orders of the states that trade: one order for one approval, on a fresh quote, and what they return.
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../aws/trading/ledger.ts';
import { digestTerms } from '../../../domain/terms.ts';
import { type Account, OPENING_ACCOUNT } from '../../../domain/trading/paper-account.ts';
import { executionName } from '../../../aws/executions.ts';
import {
  type Approved,
  DECIDED_AT,
  NOW,
  type Output,
  quoteAt,
  sale,
  startBroker,
  terms,
  type TestBroker,
} from './approved-trade.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await startBroker();
});

beforeEach(async () => {
  broker.market.pressed = quoteAt(183);
  broker.market.now = quoteAt(182.2);
  broker.logged.length = 0;
  await broker.setAccount();
});

afterAll(() => broker.close());

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
        emoji: ':chart_with_upwards_trend:',
        text: 'Bought 10 AMZN at USD 182.22, USD 1,822.20 in all. Price in the request USD 182.20, at the approval USD 183.00, limit USD 184.50, slippage USD 0.20 (1.1 bps).',
      },
    });
    expect(await broker.ledger.account()).toMatchObject({
      cash: 100_000_000 - 182_220,
      positions: { AMZN: 1_010 },
    });
  });

  it('is sold at the bid', async () => {
    const { fill, result } = await sold();
    expect(fill).toMatchObject({ side: 'sell', price: 182.18, slippageUsd: 0.2, slippageBps: 1.1 });
    expect(result.text).toBe(
      'Sold 10 AMZN at USD 182.18, USD 1,821.80 in all. Price in the request USD 182.20, at the approval USD 183.00, limit USD 180.50, slippage USD 0.20 (1.1 bps).',
    );
  });

  it.each([
    [184, 18.2, 99.9],
    [182.18, 0, 0],
    [180, -21.8, -119.6],
  ])(
    'bought at a price of %d has a slippage of USD %d, which is %d bps',
    async (price, slippageUsd, slippageBps) => {
      broker.market.now = quoteAt(price);
      expect((await bought()).fill).toMatchObject({ slippageUsd, slippageBps });
    },
  );

  it.each([
    [181, 12.2, 67],
    [182.22, 0, 0],
    [184, -17.8, -97.7],
  ])(
    'sold at a price of %d has a slippage of USD %d, which is %d bps',
    async (price, slippageUsd, slippageBps) => {
      broker.market.now = quoteAt(price);
      expect((await sold()).fill).toMatchObject({ slippageUsd, slippageBps });
    },
  );

  it('says nothing of a quote at the approval that is not known', async () => {
    broker.market.pressed = undefined;
    const { fill, result } = await bought();
    expect(fill).toMatchObject({ priceAtApproval: undefined, priceShown: 182.2 });
    expect(result.text).toContain('Price in the request USD 182.20, limit USD 184.50, slippage');
  });

  it('is never filled at a price worse than its limit, and is at its limit', async () => {
    broker.market.now = quoteAt(184.48);
    expect((await bought()).fill).toMatchObject({ price: 184.5 });
    broker.market.now = quoteAt(180.52);
    expect((await sold()).fill).toMatchObject({ price: 180.5 });
  });
});

describe('one approval', () => {
  it('has one order id, whatever the time and the market', async () => {
    const input = await broker.approve();
    const ids: string[] = [];
    const ledger: Ledger = {
      account: () => broker.ledger.account(),
      place: async ({ id }) => {
        ids.push(id);
        return { rejected: 'not now' };
      },
      close: async (_id, result) => ({ account: OPENING_ACCOUNT, closed: result }),
    };
    await broker.run('buy', input, { ledger });
    broker.market.now = quoteAt(182, { at: '2026-11-02T10:09:00.000Z' });
    await broker.run('buy', input, { ledger, now: () => new Date('2026-11-02T10:09:00.000Z') });
    await broker.run('buy', await broker.approve(), { ledger, now: () => NOW });
    expect(ids).toEqual([ids[0], ids[0], expect.not.stringMatching(`^${ids[0]}$`)]);
  });

  it('is filled once if the state is retried, whatever the market and the account do now', async () => {
    const input = await broker.approve();
    const first = await broker.run('buy', input);
    const after = await broker.ledger.account();
    const markets = [
      quoteAt(91.1),
      quoteAt(400),
      quoteAt(182.2, { at: '2026-11-02T09:00:00.000Z' }),
      undefined,
    ];
    for (const market of markets) {
      broker.market.now = market;
      expect(await broker.run('buy', input)).toEqual(first);
    }
    const restricted = { symbols: [], restricted: ['AMZN'], maxAmount: 1 };
    expect(await broker.run('buy', input, { limits: restricted })).toEqual(first);
    await broker.setAccount({ ...after, cash: 0 });
    expect(await broker.run('buy', input)).toEqual(first);
    expect(await broker.ledger.account()).toEqual({ ...after, cash: 0 });
  });

  it('is filled once by several workers', async () => {
    const input = await broker.approve();
    const outputs = await Promise.all([1, 2, 3].map(() => broker.run('buy', input)));
    expect(new Set(outputs.map((output) => JSON.stringify(output))).size).toBe(1);
    expect(await broker.ledger.account()).toMatchObject({ positions: { AMZN: 1_010 } });
  });

  it('is too old after the time that people had to decide, unless the order was placed', async () => {
    const inTime = () => new Date('2026-11-02T10:20:00.000Z');
    const later = () => new Date('2026-11-02T10:20:00.001Z');
    broker.market.now = quoteAt(182.2, { at: '2026-11-02T10:20:00.000Z' });
    const old = await broker.approve();
    const unfilled = await broker.run('buy', old, { now: later });
    expect(unfilled.fill).toBeUndefined();
    expect(unfilled.result).toMatchObject({
      outcome: 'unfilled',
      text: 'The approval is too old: it is older than the time that people had to decide.',
      resubmit: { label: 'Resubmit', input: { symbol: 'AMZN', side: 'buy', quantity: 10 } },
    });
    const placed = await broker.approve();
    const first = await broker.run('buy', placed, { now: inTime });
    expect(first.result.outcome).toBe('done');
    expect(await broker.run('buy', placed, { now: later })).toEqual(first);
  });
});

describe('the second look', () => {
  const UNFILLED = { outcome: 'unfilled', label: 'Not filled' };

  /** The result of an order that changed nothing. */
  async function unfilled(output: Promise<Output>) {
    const before = await broker.ledger.account();
    const { fill, result } = await output;
    const { closed, ...after } = await broker.ledger.account();
    const { closed: _before, ...beforeOrder } = before;
    const isUnchanged = isDeepStrictEqual(after, beforeOrder);
    const isClosed = isDeepStrictEqual(Object.values(closed ?? {}).at(-1), result);
    return fill === undefined && isUnchanged && isClosed ? result : { fill, isUnchanged, closed };
  }

  it('is final: a late or retried worker does not fill what was given up, whatever the market does now', async () => {
    const input = await broker.approve();
    broker.market.now = quoteAt(186.1);
    const first = await broker.run('buy', input);
    broker.market.now = quoteAt(182.2);
    expect(await broker.run('buy', input)).toEqual(first);
    // A worker that read the account before the order was given up.
    const early: Ledger = { ...broker.ledger, account: async () => OPENING_ACCOUNT };
    expect(await broker.run('buy', input, { ledger: early })).toEqual(first);
    expect(first.result.outcome).toBe('unfilled');
  });

  it('reports the fill if another worker filled the order meanwhile', async () => {
    const input = await broker.approve();
    const filledFirst = await broker.run('buy', input);
    broker.market.now = quoteAt(186.1);
    const late: Ledger = { ...broker.ledger, account: async () => OPENING_ACCOUNT };
    expect(await broker.run('buy', input, { ledger: late })).toEqual(filledFirst);
  });

  const again = {
    symbol: 'AMZN',
    quantity: 10,
    side: 'buy',
    timeInForce: 'day',
  };

  it.each(['day', 'ioc'] as const)(
    'ends unfilled if the market left the limit of a buy: %s',
    async (timeInForce) => {
      broker.market.now = quoteAt(186.1);
      const ticket = { ...terms, timeInForce };
      expect(
        await unfilled(bought({ terms: ticket, input: { terms: ticket, note: 'Before the split' } })),
      ).toEqual({
        ...UNFILLED,
        text: 'The price moved from USD 182.20 to USD 186.10: the ask of USD 186.12 is above the limit of USD 184.50.',
        resubmit: {
          label: 'Resubmit at 186.10',
          input: { ...again, timeInForce, limitPrice: '187.99', note: 'Before the split' },
        },
      });
    },
  );

  it('ends unfilled if the market left the limit of a sale', async () => {
    broker.market.now = quoteAt(178);
    expect(await unfilled(sold())).toEqual({
      ...UNFILLED,
      text: 'The price moved from USD 182.20 to USD 178.00: the bid of USD 177.98 is below the limit of USD 180.50.',
      resubmit: { label: 'Resubmit at 178.00', input: { ...again, side: 'sell', limitPrice: '176.20' } },
    });
  });

  it('ends unfilled if the price halved, although a buy would be cheaper', async () => {
    broker.market.now = quoteAt(91.1);
    expect(await unfilled(bought())).toEqual({
      ...UNFILLED,
      text: 'The price moved from USD 182.20 to USD 91.10: the limit of USD 184.50 is too far from the market.',
      resubmit: { label: 'Resubmit at 91.10', input: { ...again, limitPrice: '92.04' } },
    });
    expect(await unfilled(sold())).toEqual({
      ...UNFILLED,
      text: 'The price moved from USD 182.20 to USD 91.10: the limit of USD 180.50 is too far from the market.',
      resubmit: { label: 'Resubmit at 91.10', input: { ...again, side: 'sell', limitPrice: '90.16' } },
    });
  });

  it('does not say that the price moved if it did not', async () => {
    const patient = { ...terms, limitPrice: '180.00' };
    expect(await unfilled(bought({ terms: patient, input: { terms: patient } }))).toEqual({
      ...UNFILLED,
      text: 'The price is USD 182.20: the ask of USD 182.22 is above the limit of USD 180.00.',
      resubmit: { label: 'Resubmit at 182.20', input: { ...again, limitPrice: '184.05' } },
    });
    const distant = { ...terms, limitPrice: '150.00' };
    expect(await unfilled(bought({ terms: distant, input: { terms: distant } }))).toMatchObject({
      text: 'The price is USD 182.20: the limit of USD 150.00 is too far from the market.',
      resubmit: { label: 'Resubmit at 182.20', input: { ...again, limitPrice: '184.05' } },
    });
  });

  it.each([
    [
      'stale',
      quoteAt(182.2, { at: '2026-11-02T10:03:59.000Z' }),
      'The last quote for AMZN is 91 seconds old',
    ],
    [
      'wide',
      quoteAt(182.2, { bid: 181, ask: 183.4 }),
      'The spread of AMZN is 1.32 % (maximum 1 %; bid USD 181.00, ask USD 183.40)',
    ],
    ['away', undefined, 'There is no quote for AMZN now.'],
  ])(
    'ends unfilled if the quote is %s, and offers the same trade at the price of then',
    async (_, quote, text) => {
      broker.market.now = quote;
      expect(await unfilled(bought())).toEqual({
        ...UNFILLED,
        text: expect.stringMatching(
          new RegExp(`^${text.replaceAll(/[.()]/g, String.raw`\$&`)}.*Try again in a few minutes\\.$`),
        ),
        resubmit: { label: 'Resubmit', input: again },
      });
    },
  );

  it('ends unfilled if another sale used up the position', async () => {
    const all = { ...sale, quantity: 600 };
    const approved = { terms: all, input: { terms: all, quantity: 600 } };
    const [first, second] = [await broker.approve(approved), await broker.approve(approved)];
    expect(await broker.run('sell', first)).toMatchObject({ result: { outcome: 'done' } });
    expect(await unfilled(broker.run('sell', second))).toEqual({
      ...UNFILLED,
      text: 'Insufficient position: 400 held. Try “/trade sell AMZN 400”.',
    });
  });

  it('ends unfilled if the cash is gone', async () => {
    await broker.setAccount({ ...OPENING_ACCOUNT, cash: 100_000 });
    expect(await unfilled(bought({ input: { limitPrice: '184.50' } }))).toEqual({
      ...UNFILLED,
      text: 'Insufficient cash: needs USD 1,845.00, has USD 1,000.00. Try “/trade buy AMZN 5 limit 184.50”.',
    });
  });

  it.each([
    [{ restricted: ['AMZN'] }, 'AMZN is restricted and cannot be traded now.'],
    [{ symbols: ['NVDA'] }, 'AMZN is not a symbol that can be traded here. You can trade NVDA.'],
    [
      { maxAmount: 1_000 },
      'Above the USD 1,000 limit: 10 AMZN amount to USD 1,845.00. Try “/trade buy AMZN 5”.',
    ],
  ])('ends unfilled if a deployment changed the limits to %o', async (differences, text) => {
    const limits = { symbols: ['AMZN'], restricted: [], maxAmount: 1_000_000, ...differences };
    expect(await unfilled(broker.run('buy', await broker.approve(), { limits }))).toEqual({
      ...UNFILLED,
      text,
    });
  });

  it('ends unfilled if the broker rejects the order, because the account changed after the check', async () => {
    const rejected = 'The broker rejected the order: 10 AMZN cost USD 1,822.20, the account has USD 0.00.';
    const ledger: Ledger = {
      account: () => broker.ledger.account(),
      async place(...order) {
        await broker.setAccount({ ...OPENING_ACCOUNT, cash: 0 });
        return broker.ledger.place(...order);
      },
      close: (id, result) => broker.ledger.close(id, result),
    };
    const { fill, result } = await broker.run('buy', await broker.approve(), { ledger });
    expect(fill).toBeUndefined();
    expect(result).toEqual({ outcome: 'unfilled', label: 'Rejected', text: rejected });
  });

  it('asks the market for the quote of the decision and of now, and for nothing else', async () => {
    const asked: string[] = [];
    const market = {
      quote: async (symbol: string, at: Date) => {
        asked.push(`${symbol} ${at.toISOString()}`);
        return quoteAt(182.2);
      },
    };
    await broker.run('buy', await broker.approve(), { market });
    expect(asked).toEqual([`AMZN ${DECIDED_AT}`, `AMZN ${NOW.toISOString()}`]);
  });
});

describe('a ledger that is nearly full', () => {
  const LONGEST = {
    side: 'sell',
    symbol: 'ABCDEFGHIJ',
    quantity: 999_999,
    price: 99_999.99,
    time: NOW.toISOString(),
  } as const;

  function withFills(count: number): Account {
    const ids = Array.from({ length: count }, (_, index) => `paper-${String(index).padStart(64, '0')}`);
    return { ...OPENING_ACCOUNT, fills: Object.fromEntries(ids.map((id) => [id, { ...LONGEST, id }])) };
  }

  it('fills an order, and logs how large it is and what to do', async () => {
    const perFill = JSON.stringify(withFills(101)).length - JSON.stringify(withFills(100)).length;
    const full = Math.floor(300_000 / perFill);
    await broker.setAccount(withFills(full - 3));
    await bought();
    expect(broker.logged).toEqual([]);
    await broker.setAccount(withFills(full));
    await bought();
    expect(broker.logged).toEqual([
      {
        event: 'ledger_nearly_full',
        bytes: expect.any(Number),
        remedy: expect.stringContaining('docs/operating.md'),
      },
    ]);
  });

  it('has room for 1,800 of the longest fills', () => {
    const bytes = (account: Account) => itemSize({ account: 'paper', revision: 1_800, ...account });
    expect(bytes(withFills(1)) - bytes(withFills(0))).toBe(226);
    expect(bytes(withFills(1_800))).toBeLessThan(400 * 1_024);
    expect(bytes(withFills(1_820))).toBeGreaterThan(400 * 1_024);
  });
});

/**
 * Bytes of an item in DynamoDB, without the longest numbers:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
function itemSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') {
    const digits = String(value).replace('.', '').replace(/0+$/, '').length;
    return Math.ceil(digits / 2) + 1;
  }
  const members = Object.entries(value as object);
  return members.reduce((sum, [name, each]) => sum + Buffer.byteLength(name) + itemSize(each) + 1, 3);
}

describe('an input', () => {
  it.each([
    [{ quantity: 'ten thousand' }, 'Input.quantity must be number.'],
    [{ terms: { version: 1 } }, /^Input\.terms\./],
    [{ approval: { outcome: 'declined', id: 'x' } }, /^Input\.approval\.outcome/],
  ])('that is invalid is named without its value: %o', async (differences, message) => {
    const { Input, ExecutionId } = await broker.approve();
    const input = { Input: { ...Input, ...differences }, ExecutionId };
    await expect(broker.run('buy', input)).rejects.toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(message),
    });
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

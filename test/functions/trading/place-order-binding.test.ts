// Tests that the states that trade place nothing but what people approved, whatever was changed on the way.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Approval } from '../../../domain/approval.ts';
import { digestTerms } from '../../../domain/terms.ts';
import type { Side } from '../../../domain/trading/prices.ts';
import { type Approved, idOf, sale, startBroker, terms, type TestBroker, trade } from './approved-trade.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
});

afterEach(() => broker.close());

/** Nothing was reserved, given up, or sent to the broker. */
const NOTHING_PLACED = { error: 'NotApproved', stored: {} };

/** Tries to trade, and returns the error and what is stored afterwards. */
async function attempt(approved: Approved, side: Side = 'buy') {
  const input = await broker.approve(approved);
  const output = await broker.run(side, input).catch((error: Error) => ({ error: error.name }));
  return { error: 'error' in output && output.error, stored: await broker.stored() };
}

/** Another value for each member of the terms, and for each whether it would allow more or less. */
const MUTATIONS = [
  ['version', 3],
  ['version', 1],
  ['version', undefined],
  ['side', 'sell'],
  ['symbol', 'NVDA'],
  ['quantity', 11],
  ['quantity', 9],
  ['limitPrice', '184.51'],
  ['limitPrice', '184.49'],
  ['timeInForce', 'ioc'],
  ['account', 'live'],
  ['requester', 'U0BEN'],
  ['requester', undefined],
  ['added', true],
] as const;

const mutated = (member: string, value: unknown) => ({ ...terms, [member]: value });

describe('a change of the terms after people approved', () => {
  it('finds a mutation for each member', () => {
    expect(MUTATIONS.map(([member]) => member)).toEqual(expect.arrayContaining(Object.keys(terms)));
  });

  it.each(MUTATIONS)('of the record without its digest: %s is %s', async (member, value) => {
    const { json } = digestTerms(mutated(member, value));
    expect(await attempt({ record: { terms: { json, digest: digestTerms(terms).digest } } })).toEqual(
      NOTHING_PLACED,
    );
  });

  it.each(['', '{', 'null', '{"a":1}'])('of the record to %j, without its digest', async (json) => {
    expect(await attempt({ record: { terms: { json, digest: digestTerms(terms).digest } } })).toEqual(
      NOTHING_PLACED,
    );
  });

  it.each(MUTATIONS)('of the record with its digest: %s is %s', async (member, value) => {
    expect(await attempt({ record: { terms: digestTerms(mutated(member, value)) } })).toEqual(NOTHING_PLACED);
  });

  it.each(MUTATIONS)('of the digest in the decision: %s is %s', async (member, value) => {
    expect(await attempt({ digest: digestTerms(mutated(member, value)).digest })).toEqual(NOTHING_PLACED);
  });

  it.each([undefined, '', 'A', digestTerms(terms).digest.slice(0, 16)])(
    'of the digest in the decision to %s',
    async (digest) => {
      expect(await attempt({ digest })).toEqual(NOTHING_PLACED);
    },
  );

  it.each(
    MUTATIONS.filter(
      ([member, value]) => !['quantity 11', 'limitPrice 184.51'].includes(`${member} ${value}`),
    ),
  )('of the data of the execution: %s is %s', async (member, value) => {
    const input = await broker.approve({ input: { terms: mutated(member, value) } });
    const isReadable = !['version', 'added'].includes(member);
    await expect(broker.run('buy', input)).rejects.toMatchObject({
      name: isReadable ? 'NotApproved' : 'InvalidInput',
    });
    await expect(broker.run('sell', input)).rejects.toMatchObject({
      name: isReadable ? 'NotApproved' : 'InvalidInput',
    });
    expect(await broker.stored()).toEqual({});
  });

  it.each([
    ['quantity', 11],
    ['limitPrice', '184.51'],
  ])(
    'of the data of the execution to more than was approved trades what was approved: %s is %s',
    async (member, value) => {
      const { fill } = await broker.run(
        'buy',
        await broker.approve({ input: { terms: mutated(member, value) } }),
      );
      expect(fill).toMatchObject({ quantity: 10, limitPrice: '184.50' });
    },
  );

  it('of the data of the execution so that it has no terms', async () => {
    expect(await attempt({ input: { terms: undefined } })).toEqual(NOTHING_PLACED);
  });

  it('of the data of the execution, the record and the decision together, to less than is possible: no terms', async () => {
    expect(await attempt({ terms: { side: 'buy' }, input: { terms: undefined } })).toEqual(NOTHING_PLACED);
  });

  it.each(['stock_price', 'quantity', 'symbol', 'recommended_type', 'side'])(
    'does not trade %s of the data of the execution',
    async (member) => {
      const others = { stock_price: 1, quantity: 500, symbol: 'NVDA', recommended_type: 'buy', side: 'sell' };
      const input = await broker.approve({ input: { [member]: others[member as keyof typeof others] } });
      const { fill } = await broker.run('buy', input);
      expect(fill).toMatchObject({ side: 'buy', symbol: 'AMZN', quantity: 10, price: 182.22 });
    },
  );

  it.each<[string, object]>([
    ['the reason', { reason: 'Other words.' }],
    ['the note', { note: 'Before the split' }],
    ['the average price', { average_price: 1 }],
    ['the request', { request: { title: 'Other words' } }],
  ])('does not compare what people only read: %s', async (_, input) => {
    const { result } = await broker.run('buy', await broker.approve({ input: { ...input } }));
    expect(result?.outcome).toBe('done');
  });
});

describe('the state of the other side', () => {
  it('says that no decision approves it', async () => {
    await expect(broker.run('sell', await broker.approve())).rejects.toThrow(
      'No recorded decision approves this order to sell.',
    );
  });

  it('does not sell what was approved to buy', async () => {
    expect(await attempt({}, 'sell')).toEqual(NOTHING_PLACED);
  });

  it('does not buy what was approved to sell', async () => {
    expect(await attempt({ terms: sale, input: { terms: sale } }, 'buy')).toEqual(NOTHING_PLACED);
  });
});

describe('an amendment', () => {
  it.each([
    [{ quantity: 7 }, 7, '184.50'],
    [{ limitPrice: '183.00' }, 10, '183.00'],
    [{ timeInForce: 'ioc' }, 10, '184.50'],
    [{ quantity: 1, limitPrice: '182.22', timeInForce: 'ioc' }, 1, '182.22'],
  ])('that tightens the terms by %o is traded', async (change, quantity, limitPrice) => {
    const input = await broker.approve({ terms: { ...terms, ...change } });
    expect(await broker.run('buy', input)).toMatchObject({
      fill: { side: 'buy', symbol: 'AMZN', quantity, limitPrice, price: 182.22 },
      result: { outcome: 'done' },
    });
  });

  it.each([
    { quantity: 11 },
    { limitPrice: '184.51' },
    { side: 'sell' },
    { symbol: 'NVDA' },
    { account: 'live' },
    { requester: 'U0BEN' },
    { requester: undefined },
    { version: 3 },
    { version: 1 },
    { added: true },
    { quantity: 5, limitPrice: '190.00' },
  ])('to %o is not traded', async (change) => {
    expect(await attempt({ terms: { ...terms, ...change } })).toEqual(NOTHING_PLACED);
    expect(await attempt({ terms: { ...terms, ...change } }, 'sell')).toEqual(NOTHING_PLACED);
  });

  it('to a longer time in force is not traded', async () => {
    const asked = { ...terms, timeInForce: 'ioc' };
    expect(await attempt({ terms, input: { terms: asked } })).toEqual(NOTHING_PLACED);
  });

  it('of a sale may not lower the limit', async () => {
    const input = { terms: sale };
    expect(await attempt({ terms: { ...sale, limitPrice: '180.49' }, input }, 'sell')).toEqual(
      NOTHING_PLACED,
    );
    const tightened = await broker.approve({ terms: { ...sale, limitPrice: '180.51' }, input });
    expect((await broker.run('sell', tightened)).fill).toMatchObject({ side: 'sell', limitPrice: '180.51' });
  });
});

describe('a record', () => {
  it.each<[string, Partial<Approval>]>([
    ['is pending', { status: 'pending', decision: undefined }],
    [
      'was declined',
      { status: 'declined', decision: { outcome: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } },
    ],
    ['expired, even if it was decided', { status: 'expired' }],
    ['is of another pause', { id: 'approval-other' }],
    ['has no terms', { terms: undefined }],
    [
      'is of another state machine',
      { executionArn: 'arn:aws:states:us-east-1:000000000000:execution:other:run' },
    ],
  ])('allows nothing if it %s', async (_, record) => {
    expect(await attempt({ record })).toEqual(NOTHING_PLACED);
  });
});

describe('terms of version 1', () => {
  const version1 = {
    version: 1,
    side: 'buy',
    symbol: 'AMZN',
    quantity: 10,
    price: 182.2,
    priced_at: trade.priced_at,
    requester: 'U0ANA',
  };
  /** As an earlier version of this app asked: without a bid, an ask and terms. */
  const asked = {
    terms: undefined,
    bid: undefined,
    ask: undefined,
    side: undefined,
    recommended_type: 'buy',
  };

  it('are traded at the approved price or better', async () => {
    await broker.price(182.18);
    const { fill } = await broker.run('buy', await broker.approve({ terms: version1, input: asked }));
    expect(fill).toMatchObject({ side: 'buy', quantity: 10, price: 182.2, limitPrice: '182.20' });
  });

  it.each([
    [182.2, '184.05'],
    [186.1, '187.99'],
    [91.1, '92.04'],
  ])(
    'are not traded at a price of %d if that leaves the approved one, and can be resubmitted at %s',
    async (price, limit) => {
      await broker.price(price);
      const input = await broker.approve({ terms: version1, input: asked });
      const { fill, result } = await broker.run('buy', input);
      expect(fill).toBeUndefined();
      expect(result).toMatchObject({
        outcome: 'unfilled',
        resubmit: {
          label: `Resubmit, limit ${limit}`,
          input: { symbol: 'AMZN', quantity: 10, side: 'buy', timeInForce: 'ioc' },
        },
      });
      expect(await broker.broker.find(idOf(input))).toBeUndefined();
      expect(await broker.bought()).toBe(0);
    },
  );

  it.each([
    ['symbol', 'NVDA'],
    ['quantity', 11],
    ['stock_price', 182.21],
    ['priced_at', '2026-11-02T10:00:01.000Z'],
    ['requestedBy', 'U0BEN'],
    ['recommended_type', 'sell'],
    ['terms', terms],
  ])('are not traded if the execution has another %s', async (member, value) => {
    const input = { ...asked, [member]: value };
    expect(await attempt({ terms: version1, input })).toEqual(NOTHING_PLACED);
    expect(await attempt({ terms: version1, input }, 'sell')).toEqual(NOTHING_PLACED);
  });
});

// Tests the state Check Order: how often it looks at an order that works, and how it says that the order is over.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { after, idOf, startBroker, type StateInput, type TestBroker } from './approved-trade.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
  await broker.price(186.1);
});

afterEach(() => broker.close());

/** The input of Check Order for an order that rests. */
async function rested(differences: Partial<StateInput> = {}): Promise<StateInput> {
  const input = { ...(await broker.approve()), ...differences };
  return after(input, await broker.run('buy', input));
}

const textsOf = () => broker.published.map(({ Input }) => Input.progress?.text);

describe('the waits of an order that works', () => {
  it('become longer, and the last one ends when its time is over', async () => {
    let input = await rested();
    const waits: number[] = [];
    let order = (await broker.run('buy', input)).order;
    while (order?.next === 'wait') {
      waits.push(order.waitSeconds);
      broker.advance(order.waitSeconds);
      const output = await broker.check(input);
      ({ order } = output);
      input = after(input, output);
    }
    expect(waits).toEqual([5, 10, 20, 40, ...Array.from({ length: 13 }, () => 60), 45]);
    expect(order).toMatchObject({ next: 'cancel', looks: waits.length });
    expect(broker.clock.now.toISOString()).toBe('2026-11-02T10:20:30.000Z');
  });

  it('end after 1,000 looks', async () => {
    const input = await rested({ WorkSeconds: 80_000 });
    const looked = (looks: number) => {
      const { order } = input.Input as { readonly order: object };
      return broker.check(after(input, { ...input.Input, order: { ...order, looks } }));
    };
    expect((await looked(998)).order).toMatchObject({ looks: 999, next: 'wait', waitSeconds: 60 });
    expect((await looked(999)).order).toMatchObject({ looks: 1_000, next: 'cancel' });
  });

  it('end a minute before the market closes', async () => {
    const input = await broker.approve();
    const closing = { broker: { ...broker.broker, closesAt: async () => '2026-11-02T10:07:00.000Z' } };
    const working = after(input, await broker.run('buy', input, closing));
    broker.advance(5);
    expect((await broker.check(working, closing)).order).toMatchObject({ next: 'wait', waitSeconds: 10 });
    broker.advance(20);
    expect((await broker.check(working, closing)).order).toMatchObject({ next: 'wait', waitSeconds: 5 });
    broker.advance(5);
    expect((await broker.check(working, closing)).order).toMatchObject({ next: 'cancel' });
  });

  it('are over at once if somebody asks to cancel the order', async () => {
    const input = await rested();
    await broker.reservations.requestCancel(idOf(input), { by: 'U0BEN', at: broker.clock.now.toISOString() });
    expect((await broker.check(input)).order).toMatchObject({ id: idOf(input), next: 'cancel' });
  });
});

describe('the progress of an order', () => {
  it('is published only if more was filled', async () => {
    const input = await rested();
    await broker.check(input);
    expect(broker.published).toHaveLength(1);
    await broker.nextPrice({ price: 184, shares: 3 });
    broker.advance(60);
    const second = after(input, await broker.check(input));
    expect(second.Input).toMatchObject({ order: { filled: 3, looks: 1 } });
    expect(textsOf().slice(1)).toEqual([
      'Bought 3 of 10 AMZN at USD 184.02. The other 7 are cancelled if they are not filled at USD 184.50 or less by 10:20 UTC.',
    ]);
    broker.advance(5);
    const third = after(second, await broker.check(second));
    expect(broker.published).toHaveLength(2);
    broker.advance(60);
    await broker.check(third);
    expect(textsOf().at(-1)).toMatch(/^Bought 6 of 10 AMZN /);
    expect(broker.published).toHaveLength(3);
  });
});

describe('an order that is over', () => {
  const RESERVED = 10 * 18_450;

  async function overAfter(seconds: number, input: StateInput) {
    broker.advance(seconds);
    const output = await broker.check(input);
    const isReserved = (await broker.reservations.get(idOf(input))) !== undefined;
    expect({ isReserved, order: output.order }).toEqual({ isReserved: false, order: undefined });
    expect(await broker.check(input)).toEqual(output);
    return output;
  }
  const orderedCents = async () =>
    (await broker.reservations.totals(new Date('2026-11-02T23:59:00Z'))).orderedCents;

  it('is reported as filled', async () => {
    const input = await rested();
    await broker.nextPrice(184);
    expect(await overAfter(60, input)).toMatchObject({
      fill: { quantity: 10, price: 184.02, time: '2026-11-02T10:06:00.000Z', slippageUsd: 18.2 },
      result: {
        outcome: 'done',
        text: 'Bought 10 AMZN at USD 184.02, total USD 1,840.20. Slippage: USD 18.20 more in total than at USD 182.20 (99.9 bps).',
      },
    });
    expect(await orderedCents()).toBe(RESERVED);
  });

  it('is reported as filled even if somebody asked to cancel it', async () => {
    const input = await rested();
    await broker.reservations.requestCancel(idOf(input), { by: 'U0BEN', at: broker.clock.now.toISOString() });
    await broker.nextPrice(184);
    expect(await overAfter(60, input)).toMatchObject({ result: { outcome: 'done' } });
  });

  it('is reported as partly filled, with the mean price of its fills', async () => {
    const input = await rested();
    await broker.nextPrice({ price: 184, shares: 3 });
    broker.advance(60);
    await broker.check(input);
    await broker.nextPrice({ price: 183, shares: 1 });
    broker.advance(60);
    await broker.broker.cancel(idOf(input));
    const output = await overAfter(0, input);
    expect(output.fill).toMatchObject({ quantity: 4, price: 183.77 });
    expect(output.result).toMatchObject({
      outcome: 'partly',
      text: expect.stringMatching(
        /^Bought 4 of 10 AMZN at USD 183\.77, total USD 735\.08\. The other 6 were cancelled\. /,
      ),
    });
    expect(await orderedCents()).toBe(4 * 18_450);
  });

  it('is reported as expired when the market closed', async () => {
    const input = await rested();
    await broker.nextPrice(undefined);
    broker.clock.now = new Date('2026-11-03T00:00:10.000Z');
    expect((await overAfter(0, input)).result).toMatchObject({
      outcome: 'unfilled',
      text: 'The order expired when the market closed.',
      resubmit: { label: 'Resubmit' },
    });
  });

  it('is reported as partly filled when the market closed', async () => {
    const input = await rested();
    await broker.nextPrice({ price: 184, shares: 3 });
    broker.advance(60);
    await broker.check(input);
    await broker.nextPrice(undefined);
    broker.clock.now = new Date('2026-11-03T00:00:10.000Z');
    expect((await overAfter(0, input)).result).toMatchObject({
      outcome: 'partly',
      text: expect.stringContaining('The other 7 expired when the market closed.'),
    });
  });

  it('is reported as cancelled by the broker', async () => {
    const input = await rested();
    await broker.broker.cancel(idOf(input));
    expect((await overAfter(0, input)).result).toMatchObject({
      outcome: 'unfilled',
      text: 'The order was cancelled.',
    });
    expect(await orderedCents()).toBe(0);
  });
});

describe('the input', () => {
  it('needs an order', async () => {
    await expect(broker.check(await broker.approve())).rejects.toMatchObject({ name: 'InvalidInput' });
  });

  it('needs the approval', async () => {
    const input = await rested();
    const other = { ...input, ExecutionId: `${input.ExecutionId}-other` };
    await expect(broker.check(other)).rejects.toMatchObject({
      name: 'NotApproved',
      message: 'No recorded decision approves this order.',
    });
    await expect(broker.cancel(other)).rejects.toMatchObject({ name: 'NotApproved' });
  });
});

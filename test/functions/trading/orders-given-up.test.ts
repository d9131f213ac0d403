// Tests that an order that was given up is never sent to the broker, whichever worker comes late.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amendment } from '../../support/amendments.ts';
import { after, idOf, immediately, retried, startBroker, terms, type TestBroker } from './approved-trade.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
});

afterEach(() => broker.close());

describe('an order that was given up', () => {
  it('is not sent by a late worker after another said for good that the approval is too old', async () => {
    const input = await broker.approve();
    // The first worker is slow: it passed the check of the time, and Step Functions retries the state meanwhile.
    const said: unknown[] = [];
    const reserve: TestBroker['reservations']['reserve'] = async (...order) => {
      broker.advance(3_600);
      said.push(await broker.run('buy', input));
      broker.advance(-3_600);
      return broker.reservations.reserve(...order);
    };
    const late = await broker.run('buy', input, { reservations: { ...broker.reservations, reserve } });
    expect(said).toMatchObject([
      { result: { outcome: 'unfilled', text: expect.stringContaining('The approval is too old') } },
    ]);
    expect(late).toEqual(said[0]);
    expect(await broker.broker.find(idOf(input))).toBeUndefined();
  });

  it('is not given up while another worker may send it, and then reported as that worker left it', async () => {
    const input = await broker.approve();
    const said: unknown[] = [];
    const place: TestBroker['broker']['place'] = async (...order) => {
      await broker.price(400);
      said.push(await broker.run('buy', input).catch((error: Error) => error.name));
      await broker.price(182.2);
      return broker.broker.place(...order);
    };
    const first = await broker.run('buy', input, { broker: { ...broker.broker, place } });
    expect(said).toEqual(['OrderUnknown']);
    expect(first.result).toMatchObject({ outcome: 'done' });
    expect(await broker.run('buy', input)).toEqual(first);
    expect(await broker.bought()).toBe(10);
  });

  it('is given up after the time in which the other worker could send it, if it did not', async () => {
    const input = await broker.approve();
    const place = async () => {
      throw new Error('The worker was ended here.');
    };
    await broker.run('buy', input, { broker: { ...broker.broker, place } }).catch(() => {});
    await broker.price(400);
    await expect(broker.run('buy', input)).rejects.toMatchObject({ name: 'OrderUnknown' });
    const output = await retried(broker, () => broker.run('buy', input));
    expect(output).toMatchObject({
      result: { outcome: 'unfilled', resubmit: { label: 'Resubmit, limit 404.03' } },
    });
    expect(await broker.reservations.get(idOf(input))).toBeUndefined();
    expect(await broker.reservations.totals(broker.clock.now)).toMatchObject({ orderedCents: 0 });
  });

  it('keeps its result in a redriven execution', async () => {
    const input = await broker.approve(immediately());
    await broker.price(186.1);
    const first = await broker.run('buy', input);
    await broker.price(182.2);
    expect(await broker.run('buy', { ...input, RedriveCount: 1 })).toEqual(first);
    expect(await broker.broker.find(idOf(input))).toBeUndefined();
    await expect(broker.check(after(input, first))).rejects.toMatchObject({ name: 'InvalidInput' });
  });
});

it('a result says nothing of the price in the request if the request was amended', async () => {
  const tighter = { ...terms, quantity: 9 };
  const facts = [{ label: 'Price', value: 'USD 183.90' }];
  const request = { title: 'Buy 9 AMZN', facts, reason: '' };
  const { result } = await broker.run(
    'buy',
    await broker.approve({ terms: tighter, record: { request, amendments: [amendment()] } }),
  );
  expect(result?.text).toMatch(/, total USD 1,639\.98\.$/);
});

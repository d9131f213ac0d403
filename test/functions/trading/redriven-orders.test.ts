// Tests an execution that is redriven after it was stopped: it finds what became of its order, and has one order at most.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { idOf, startBroker, type TestBroker } from './approved-trade.ts';
import { endedBeforePost, stoppedExecution } from './ended-orders.ts';

let broker: TestBroker;

beforeEach(async () => {
  broker = await startBroker();
});

afterEach(() => broker.close());

const orders = async () => Object.keys(await broker.stored()).filter((key) => key.startsWith('paper-order '));

it('an execution that was stopped while its order works finds its cancelled order, and reports it', async () => {
  await broker.price(186.1);
  const input = await broker.approve();
  await broker.run('buy', input);
  broker.advance(30);
  await stoppedExecution(broker, input).stop();
  await broker.price(182.2);
  broker.advance(60);
  const { fill, result } = await broker.run('buy', { ...input, RedriveCount: 1 });
  expect(fill).toBeUndefined();
  expect(result).toMatchObject({
    outcome: 'unfilled',
    text: 'The order was cancelled.',
    resubmit: { label: 'Resubmit' },
  });
  expect(await orders()).toHaveLength(1);
  expect(await broker.bought()).toBe(0);
});

it('an execution that was stopped after a part was filled reports this part', async () => {
  await broker.price({ price: 182.2, shares: 4 });
  const input = await broker.approve();
  await broker.run('buy', input);
  broker.advance(20);
  await stoppedExecution(broker, input).stop();
  expect(await broker.run('buy', { ...input, RedriveCount: 1 })).toMatchObject({
    fill: { quantity: 4 },
    result: { outcome: 'partly', text: expect.stringContaining('The other 6 were cancelled.') },
  });
});

it.each([
  ['reserved', true],
  ['not reserved', false],
])(
  'an execution that was stopped before its order was sent places one order: it was %s',
  async (_, isReserved) => {
    const input = await broker.approve();
    if (isReserved) await broker.run('buy', input, endedBeforePost(broker)).catch(() => {});
    broker.advance(21);
    await stoppedExecution(broker, input).stop();
    const redriven = { ...input, RedriveCount: 1 };
    const output = await broker.run('buy', redriven);
    expect(output.result?.outcome).toBe('done');
    // A worker of the first run comes late.
    expect(await broker.run('buy', input)).toEqual(output);
    expect(await broker.run('buy', redriven)).toEqual(output);
    expect(await orders()).toEqual([`paper-order ${idOf(input)}`]);
    expect(await broker.bought()).toBe(10);
    expect(await broker.reservations.get(idOf(input))).toBeUndefined();
  },
);

it('an execution that was stopped again after it was redriven is blocked again', async () => {
  const input = await broker.approve();
  await stoppedExecution(broker, input).stop();
  const redriven = { ...input, RedriveCount: 1 };
  await broker.run('buy', redriven, endedBeforePost(broker)).catch(() => {});
  broker.advance(21);
  const { stop, results } = stoppedExecution(broker, redriven);
  await stop({ redriveCount: 1 });
  expect(results().at(-1)?.text).toContain('Nothing was traded.');
  expect((await broker.run('buy', redriven)).result?.text).toBe('The order was not placed.');
  expect(await orders()).toEqual([]);
});

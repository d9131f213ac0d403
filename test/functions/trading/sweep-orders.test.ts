// Tests the sweep that finds reservations whose execution is over: the event of an end may be lost.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Described } from '../../../aws/executions.ts';
import { endOrders } from '../../../functions/trading/end-orders.ts';
import { sweepOrders } from '../../../functions/trading/sweep-orders.ts';
import { idOf, startBroker, type StateInput, type TestBroker } from './approved-trade.ts';
import { endedBeforePost, stoppedExecution } from './ended-orders.ts';

let broker: TestBroker;
let input: StateInput;
let described: Described;
const sent: object[] = [];
const logged: object[] = [];
const asked: string[] = [];
const log = (event: string, fields?: object) => void logged.push({ event, ...fields });
const describeExecution = async (executionArn: string) => {
  asked.push(executionArn);
  return described;
};

beforeEach(async () => {
  for (const list of [sent, logged, asked]) list.length = 0;
  broker = await startBroker();
  input = await broker.approve();
  await broker.run('buy', input, endedBeforePost(broker)).catch(() => {});
  described = { status: 'ABORTED', input: {}, endedAt: '2026-11-02T10:05:40.000Z' };
  // The lease of the worker, and two minutes.
  broker.advance(140.001);
});

afterEach(() => broker.close());

const sweep = () =>
  sweepOrders({
    reservations: broker.reservations,
    describe: describeExecution,
    send: async (event) => void sent.push(event),
    now: () => broker.clock.now,
    log,
  })();
const reservation = () => broker.reservations.get(idOf(input));

it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])(
  'sends the lost event of an execution that is %s',
  async (status) => {
    described = { ...described, status };
    await sweep();
    expect(sent).toEqual([
      {
        detail: {
          executionArn: input.ExecutionId,
          status,
          stopDate: Date.parse('2026-11-02T10:05:40.000Z'),
        },
      },
    ]);
    expect(logged).toEqual([{ event: 'lost_end_found', execution: 'run-1', status }]);
    expect(await reservation()).toBeDefined();
  },
);

it('sends an event that End Orders handles, and then finds nothing more', async () => {
  await sweep();
  await endOrders({ ...broker.dependencies, approvals: broker.approvals, describe: describeExecution, log })(
    sent[0],
  );
  expect(broker.published).toMatchObject([{ Input: { result: { outcome: 'cancelled' } } }]);
  expect(await reservation()).toBeUndefined();
  await sweep();
  expect(sent).toHaveLength(1);
});

it('sends the event again while it is not handled', async () => {
  await sweep();
  await sweep();
  expect(sent).toHaveLength(2);
});

it('does not send the event of an end that End Orders works on', async () => {
  await broker.reservations.block(idOf(input), { redriveCount: 0, now: broker.clock.now });
  await sweep();
  expect(sent).toEqual([]);
  described = { ...described, redriveCount: 1 };
  await sweep();
  expect(sent).toHaveLength(1);
});

it.each(['SUCCEEDED', 'MISSING'])('settles the reservation of an execution that is %s', async (status) => {
  described = { ...described, status };
  await sweep();
  expect(await reservation()).toBeUndefined();
  expect(await broker.reservations.totals(broker.clock.now)).toMatchObject({ orderedCents: 184_500 });
  expect(sent).toEqual([]);
  expect(logged).toEqual([{ event: 'reservation_settled', execution: 'run-1', status }]);
});

it('leaves an execution alone that runs', async () => {
  described = { ...described, status: 'RUNNING' };
  await sweep();
  expect(asked).toEqual([input.ExecutionId]);
  expect(await reservation()).toBeDefined();
  expect([sent, logged]).toEqual([[], []]);
});

it('does not ask for an execution whose worker was there in the last two minutes', async () => {
  broker.advance(-0.001);
  await sweep();
  expect(asked).toEqual([]);
});

it('finds nothing to do for an execution whose end was handled', async () => {
  await stoppedExecution(broker, input).stop();
  await sweep();
  expect(asked).toEqual([]);
});

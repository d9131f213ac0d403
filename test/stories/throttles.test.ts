// Tests what docs/operations/runbook.md says about throttles: while Lambda refuses the functions behind the queues, messages wait,
// and afterwards each request, result and failure is told once.
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../local/slack/slack.ts';
import { BEN, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const MINUTE = 60_000;
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});

afterAll(() => desk.stop());

/** The functions behind the queues of requests, results, ended executions and checks. */
const isWorker = (name: string) => /RequestApproval|RelayResult|EndOrders|Reconciler/.test(name);
const events = (name: string) => desk.events.filter(({ event }) => event === name);
const asked = (what: string) => desk.posts().filter(({ text }) => text.includes(what));

describe('a throttle of twelve minutes', () => {
  it('leaves no dead letter, and each request, result and failure is told once', async () => {
    const approved = await desk.ask('/trade AMZN 2');
    const stopped = await desk.ask('/trade AMZN 3');
    const stoppedArn = await desk.lastExecution();
    desk.cloud.throttle(isWorker);
    for (const quantity of [11, 12, 13, 14, 15, 16]) await desk.start({ symbol: 'MSFT', quantity });
    await desk.press(BEN, approved, 'approve');
    await desk.sfn.send(new StopExecutionCommand({ executionArn: stoppedArn, error: 'Stopped' }));
    await desk.cloud.advance(7 * MINUTE);
    await desk.start({ symbol: 'MSFT', quantity: 17 });
    await desk.cloud.advance(5 * MINUTE);
    expect(asked('MSFT')).toEqual([]);
    expect(new Set(events('invocation_throttled').map((event) => event['function'])).size).toBe(4);

    desk.cloud.throttle(() => false);
    // The visibility timeout of the reconciler's queue is the longest.
    await desk.cloud.advance(5 * MINUTE);
    expect(events('message_dead_lettered')).toEqual([]);
    for (const quantity of [11, 12, 13, 14, 15, 16, 17]) expect(asked(`${quantity} MSFT`)).toHaveLength(1);
    const told = (message: Message, result: string) =>
      desk.replies(message).filter(({ text }) => text.includes(result));
    expect(told(approved, '*Filled.*')).toHaveLength(1);
    expect(told(stopped, '*Cancelled: ')).toHaveLength(1);
  });
});

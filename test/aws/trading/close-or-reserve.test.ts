// Runs a worker that reserves an order and a worker that gives the order up in every order of their calls to DynamoDB. An
// order must not be given up and sent.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { reservations } from '../../../aws/trading/reservations.ts';
import type { Result } from '../../../domain/approval.ts';
import { TOMBSTONE_MS } from '../../../domain/trading/reservation-state.ts';
import { inProcessDynamoDB } from '../../interleavings/dynamodb.ts';

type Worker = 'sender' | 'closer';

const now = new Date('2026-11-02T10:00:00.000Z');
const afterTombstones = new Date(now.getTime() + TOMBSTONE_MS);
const unfilled: Result = { outcome: 'unfilled' };
const order = {
  id: 'order',
  executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:trading:one',
  approvalId: 'approval',
  side: 'buy' as const,
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '100.00',
};

/** Only its `send` is called, which the workers replace. */
const unused = new DynamoDBClient({ region: 'eu-central-1' });

/** Calls of a sender and a closer that do not disturb each other. */
const SENDER_CALLS = 3;
const CLOSER_CALLS = 10;

it.each([0, 1])(
  'a run with redrive count %d does not send an order that is given up',
  async (redriveCount) => {
    const outcomes = new Set<string>();
    for (const turns of interleavings(SENDER_CALLS, CLOSER_CALLS)) {
      const { reserved, closed } = await play(turns, redriveCount);
      outcomes.add(`${reserved} ${closed}`);
      expect([turns.join(' '), reserved && closed]).toEqual([turns.join(' '), false]);
    }
    expect([...outcomes].toSorted()).toEqual(['false true', 'true false']);
  },
);

async function play(turns: readonly Worker[], redriveCount: number) {
  const { send } = inProcessDynamoDB({ Ledger: { keys: ['account'] } });
  const { takeTurn, end } = takeTurns(turns);
  const as = (worker: Worker) => {
    const client = new Proxy(unused, {
      get: (target, member) =>
        member === 'send'
          ? (command: Parameters<typeof send>[0]) => takeTurn(worker, () => send(command))
          : Reflect.get(target, member),
    });
    return reservations(client, 'Ledger', 'paper');
  };
  const available = async () => ({ cash: 1_000, shares: 0, known: [] });
  const sending = as('sender')
    .reserve(order, { redriveCount, now, available })
    .finally(() => end('sender'));
  const [reservation, closed] = await Promise.all([
    sending,
    giveUp(as('closer')).finally(() => end('closer')),
  ]);
  return { reserved: !('refused' in reservation), closed };
}

/** Gives the order up for the first run. Returns whether it could. */
async function giveUp(closer: ReturnType<typeof reservations>): Promise<boolean> {
  const run = { redriveCount: 0, now };
  const { sendBy } = await closer.block(order.id, run);
  // In place of waiting: the sender has the order.
  if (sendBy) return false;
  const closed = await closer.close(order.id, unfilled, run);
  if ('refused' in closed) return false;
  await closer.settle(order.id, { unfilledCents: 100_000, now });
  // A write that drops the tombstone, so that the sender finds nothing but the outcome.
  await closer.block('another order', { ...run, now: afterTombstones });
  return true;
}

/** Every order of so many calls of each worker. */
function interleavings(sender: number, closer: number): readonly (readonly Worker[])[] {
  if (sender === 0 || closer === 0) {
    return [[...Array<Worker>(sender).fill('sender'), ...Array<Worker>(closer).fill('closer')]];
  }
  return [
    ...interleavings(sender - 1, closer).map((rest) => ['sender' as const, ...rest]),
    ...interleavings(sender, closer - 1).map((rest) => ['closer' as const, ...rest]),
  ];
}

/** Lets the workers make their calls in this order. Afterwards, they call when they like. */
function takeTurns(turns: readonly Worker[]) {
  const left = [...turns];
  const ended = new Set<Worker>();
  const waiting = new Map<Worker, () => void>();
  const next = () => {
    while (left[0] && ended.has(left[0])) left.shift();
    const workers: readonly Worker[] = left[0] ? [left[0]] : ['sender', 'closer'];
    for (const each of workers) waiting.get(each)?.();
  };
  return {
    takeTurn: async <Answer>(worker: Worker, call: () => Promise<Answer>): Promise<Answer> => {
      if (left[0] && left[0] !== worker) {
        await new Promise<void>((resolve) => waiting.set(worker, resolve));
        waiting.delete(worker);
      }
      try {
        return await call();
      } finally {
        left.shift();
        next();
      }
    },
    end: (worker: Worker) => {
      ended.add(worker);
      next();
    },
  };
}

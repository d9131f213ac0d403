// A table of the paper broker in this process, with workers that can be killed at any call and whose clocks can differ.
// The tests of the paper broker use it.
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'vitest';
import type { Broker } from '../../aws/trading/broker.ts';
import { paperBroker } from '../../aws/trading/paper-broker.ts';
import type { MarketEvent } from '../../domain/trading/market.ts';
import type { NewOrder } from '../../domain/trading/orders.ts';
import { NO_FILLS } from '../../domain/trading/paper-execution.ts';
import {
  type BookedOrder,
  OPENING_ACCOUNT,
  OPENING_SHARES,
  type PaperAccount,
} from '../../domain/trading/paper-orders.ts';
import { inProcessDynamoDB } from '../interleavings/dynamodb.ts';
import type { Command } from '../interleavings/checked-input.ts';
import type { StoredOrder } from '../../aws/trading/paper-items.ts';

export const START = Date.parse('2026-11-02T10:05:20.000Z');

/** The process of a worker ended at a call. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** At which call, counted from 0, and whether the call has an effect. */
export interface Kill {
  readonly at: number;
  readonly when: 'before' | 'after';
}

export interface Worker {
  readonly client: DynamoDBClient;
  readonly broker: Broker;
  /** The names of the commands that were sent. */
  readonly calls: string[];
}

export interface WorkerOptions {
  readonly kill?: Kill | undefined;
  /** How far the clock of this worker is ahead, in milliseconds. */
  readonly skew?: number;
  /** Runs before each call. */
  readonly before?: (command: string) => Promise<unknown> | void;
}

export type PaperTable = ReturnType<typeof startPaperTable>;

/** A buy at any price. */
export function newOrder(id: string, differences: Partial<NewOrder> = {}): NewOrder {
  return {
    id,
    version: 2,
    side: 'buy',
    symbol: 'AMZN',
    quantity: 10,
    limitPrice: '900.00',
    timeInForce: 'day',
    account: 'paper',
    ...differences,
  };
}

/** Made once: to make one takes longer than a test. */
const dynamodb = new DynamoDBClient();

export function startPaperTable() {
  const database = inProcessDynamoDB({ Ledger: { keys: ['account'] } });
  let time = START;
  const items = () => database.items('Ledger').map((item) => unmarshall(item));
  const item = (key: string) => items().find(({ account }) => account === key);
  return {
    item,
    items,
    advance(milliseconds: number): void {
      time += milliseconds;
    },
    async tell(events: readonly MarketEvent[]): Promise<void> {
      const Item = marshall({ account: 'market AMZN', events }, { removeUndefinedValues: true });
      await database.send(new PutItemCommand({ TableName: 'Ledger', Item }));
    },
    /** Changes the account's revision, as another worker does. */
    async touchAccount(): Promise<void> {
      const touch = new UpdateItemCommand({
        TableName: 'Ledger',
        Key: marshall({ account: 'paper' }),
        UpdateExpression: 'SET revision = revision + :one',
        ExpressionAttributeValues: marshall({ ':one': 1 }),
      });
      await database.send(touch);
    },
    worker({ kill, skew = 0, before }: WorkerOptions = {}): Worker {
      const calls: string[] = [];
      const send = async (command: Command) => {
        const isLast = calls.length === kill?.at;
        calls.push(command.constructor.name);
        await before?.(command.constructor.name);
        if (isLast && kill.when === 'before') throw new Killed();
        const output = await database.send(command);
        if (isLast) throw new Killed();
        return output;
      };
      const client: DynamoDBClient = Object.assign(Object.create(dynamodb), { send });
      return { client, broker: paperBroker(client, 'Ledger', () => new Date(time + skew)), calls };
    },
    /** Cash and positions are the opening ones and the fills of all orders; only orders without an outcome work. */
    checkAddsUp(): void {
      const account = (item('paper') ?? OPENING_ACCOUNT) as PaperAccount;
      const orders = items().flatMap((each) => {
        const [, id] = /^paper-order (.*)$/.exec(String(each['account'])) ?? [];
        return id === undefined ? [] : [{ id, ...each['terms'], ...each } as StoredOrder & { id: string }];
      });
      expect(Object.keys(account.working).filter((id) => !orders.some((order) => order.id === id))).toEqual(
        [],
      );
      let { cash } = account;
      const positions = new Map(Object.entries(account.positions));
      for (const { id, side, symbol, quantity, outcome } of orders) {
        const { filled, cost } = bookedOf(account.working[id], outcome);
        expect(filled).toBeLessThanOrEqual(quantity);
        const sign = side === 'buy' ? 1 : -1;
        cash += sign * cost;
        positions.set(symbol, (positions.get(symbol) ?? OPENING_SHARES) - sign * filled);
      }
      expect(cash).toBe(OPENING_ACCOUNT.cash);
      for (const rest of positions.values()) expect(rest).toBe(OPENING_SHARES);
      expect(account.cash).toBeGreaterThanOrEqual(0);
      for (const held of Object.values(account.positions)) expect(held).toBeGreaterThanOrEqual(0);
    },
  };
}

function bookedOf(booked: BookedOrder | undefined, outcome: StoredOrder['outcome']) {
  if (booked && outcome) expect(outcome).toEqual(booked.outcome);
  return booked ?? (outcome && 'filled' in outcome ? outcome : NO_FILLS);
}

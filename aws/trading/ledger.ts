// The ledger of the paper broker: one account, stored in one item. The states Buy Stock and Sell Stock place orders in
// it. A write fails if the account's revision changed after the read.
import { setTimeout as pause } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import {
  type Account,
  close,
  type EarlierOrder,
  OPENING_ACCOUNT,
  type Order,
  place,
  type Placed,
} from '../../domain/trading/paper-account.ts';
import type { Result } from '../../domain/approval.ts';
import type { Quote } from '../../domain/trading/market.ts';

export interface Ledger {
  account(): Promise<Account>;
  /**
   * Fills the order. Returns the first fill if the order was filled before, or the broker's reason if the order is
   * rejected.
   */
  place(order: Order, quote: Quote, now: Date): Promise<Placed>;
  /** Gives up an order with this result, so that no late worker fills it. If it was filled or given up, returns how. */
  close(id: string, result: Result): Promise<EarlierOrder>;
}

/** In every try, another order changed the account between the read and the write. A later retry may succeed. */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
}

const ACCOUNT = 'paper';
const MAX_TRIES = 8;
/** Upper bound of the random pause after the first try, in milliseconds. The bound doubles with each try. */
const BACKOFF_MS = 5;

export function ledger(client: DynamoDBClient, table: string): Ledger {
  return {
    account: async () => (await load(client, table)).account,
    place: (order, quote, now) =>
      change(client, table, order.id, (account) => place(account, order, quote, now)),
    close: (id, result) => change(client, table, id, (account) => close(account, id, result)),
  };
}

async function change<Changed extends Placed>(
  client: DynamoDBClient,
  table: string,
  id: string,
  apply: (account: Account) => Changed,
): Promise<Changed> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { account, revision } = await load(client, table);
    const changed = apply(account);
    const unchanged = !('account' in changed) || changed.account === account;
    if (unchanged || (await save(client, table, changed.account, revision))) return changed;
    await pause(Math.random() * BACKOFF_MS * 2 ** tries);
  }
  throw new LedgerBusy(`The order ${id} found no quiet moment in ${MAX_TRIES} tries.`);
}

async function load(client: DynamoDBClient, table: string): Promise<{ account: Account; revision: number }> {
  const Key = marshall({ account: ACCOUNT });
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  if (!Item) return { account: OPENING_ACCOUNT, revision: 0 };
  const { cash, positions, fills, closed, revision } = unmarshall(Item);
  return { account: { cash, positions, fills, ...(closed && { closed }) }, revision };
}

/** Returns false if the account changed since it was loaded. */
async function save(
  client: DynamoDBClient,
  table: string,
  account: Account,
  revision: number,
): Promise<boolean> {
  const put = new PutItemCommand({
    TableName: table,
    Item: marshall({ account: ACCOUNT, ...account, revision: revision + 1 }),
    ConditionExpression: 'attribute_not_exists(account) OR revision = :revision',
    ExpressionAttributeValues: marshall({ ':revision': revision }),
  });
  try {
    await client.send(put);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

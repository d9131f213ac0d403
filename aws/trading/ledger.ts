// The paper broker's ledger: one account in one item, changed by writes that require the revision they were
// computed from. The states that trade place their orders here.
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
  OPENING_ACCOUNT,
  type Order,
  place,
  type Placed,
} from '../../domain/trading/paper-account.ts';

export interface Ledger {
  /** Fills the order, or answers with the fill it had before; rejected: with the broker's reason. */
  place(order: Order, now: Date): Promise<Placed>;
}

/** Other orders kept changing the account at the same moment: worth another try later. */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
}

const ACCOUNT = 'paper';
const TRIES = 8;
/** Milliseconds, doubled with each try. */
const PAUSE = 5;

export function ledger(client: DynamoDBClient, table: string): Ledger {
  return {
    async place(order, now) {
      for (let tries = 0; tries < TRIES; tries++) {
        const { account, revision } = await load(client, table);
        const placed = place(account, order, now);
        const unchanged = 'rejected' in placed || placed.account === account;
        if (unchanged || (await save(client, table, placed.account, revision))) return placed;
        await pause(Math.random() * PAUSE * 2 ** tries);
      }
      throw new LedgerBusy(`The order ${order.id} found no quiet moment in ${TRIES} tries.`);
    },
  };
}

async function load(client: DynamoDBClient, table: string): Promise<{ account: Account; revision: number }> {
  const Key = marshall({ account: ACCOUNT });
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  if (!Item) return { account: OPENING_ACCOUNT, revision: 0 };
  const { cash, positions, fills, revision } = unmarshall(Item);
  return { account: { cash, positions, fills }, revision };
}

/** False: somebody else changed the account since it was loaded. */
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

// The items of the paper broker: the account, and one for each order. Every write changes one item under a condition, and
// can be repeated. The paper broker reads and writes them.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { PaperOrder } from '../../domain/trading/paper-execution.ts';
import { OPENING_ACCOUNT, type Outcome, type PaperAccount } from '../../domain/trading/paper-orders.ts';

/** The account as it was read or written. Each write increments the revision. */
export interface StoredAccount {
  readonly account: PaperAccount;
  readonly revision: number;
}

export interface StoredOrder extends PaperOrder {
  /** Copied from the account. It never changes. */
  readonly outcome?: Outcome;
}

export interface PaperItems {
  account(): Promise<StoredAccount>;
  /** Undefined if the account changed since it was read. The account is one item of at most 400 KB: about 1,500 working orders. */
  save(account: PaperAccount, revision: number): Promise<StoredAccount | undefined>;
  order(id: string): Promise<StoredOrder | undefined>;
  /** No effect if there is an order of this id. Sends nothing after the signal is aborted. */
  create(id: string, order: PaperOrder, abortSignal?: AbortSignal): Promise<void>;
  /** No effect if the order does not exist, has an outcome, or was cancelled before. */
  cancel(id: string, at: Date): Promise<void>;
  /** No effect if the order has an outcome. */
  recordOutcome(id: string, outcome: Outcome, now: Date): Promise<void>;
}

const ACCOUNT = 'paper';

/**
 * How long an order is kept after it ended. Its id must stay taken while Step Functions may redrive the execution (14 days)
 * or describe it (90 days): https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
const ORDER_TTL_SECONDS = 180 * 24 * 3_600;

export function paperItems(client: DynamoDBClient, table: string): PaperItems {
  const read = async (key: string) => {
    const get = new GetItemCommand({
      TableName: table,
      Key: marshall({ account: key }),
      ConsistentRead: true,
    });
    const { Item } = await client.send(get);
    return Item && unmarshall(Item);
  };
  /** Returns false if the condition failed. */
  const update = (key: string, set: string, condition: string, values: Readonly<Record<string, unknown>>) =>
    unlessConditionFailed(
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall({ account: key }),
          UpdateExpression: set,
          ConditionExpression: condition,
          ExpressionAttributeValues: marshall(values),
        }),
      ),
    );
  return {
    async account() {
      const item = await read(ACCOUNT);
      if (!item) return { account: OPENING_ACCOUNT, revision: 0 };
      const { cash, positions, working = {}, revision } = item;
      return { account: { cash, positions, working }, revision };
    },
    async save({ cash, positions, working }, revision) {
      const isSaved = await update(
        ACCOUNT,
        'SET cash = :cash, positions = :positions, working = :working, revision = :next',
        'attribute_not_exists(account) OR revision = :revision',
        {
          ':cash': cash,
          ':positions': positions,
          ':working': working,
          ':revision': revision,
          ':next': revision + 1,
        },
      );
      return isSaved ? { account: { cash, positions, working }, revision: revision + 1 } : undefined;
    },
    async order(id) {
      const item = await read(keyOf(id));
      if (!item) return undefined;
      const { terms, placedAt, cancelledAt, outcome } = item;
      return { ...terms, placedAt, ...(cancelledAt && { cancelledAt }), ...(outcome && { outcome }) };
    },
    async create(id, { placedAt, side, symbol, quantity, limitPrice, timeInForce }, abortSignal) {
      const terms = { side, symbol, quantity, limitPrice, timeInForce };
      await unlessConditionFailed(
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall({ account: keyOf(id), terms, placedAt }),
            ConditionExpression: 'attribute_not_exists(account)',
          }),
          abortSignal && { abortSignal },
        ),
      );
    },
    async cancel(id, at) {
      await update(
        keyOf(id),
        'SET cancelledAt = :at',
        'attribute_exists(account) AND attribute_not_exists(cancelledAt) AND attribute_not_exists(outcome)',
        { ':at': at.toISOString() },
      );
    },
    async recordOutcome(id, outcome, now) {
      await update(
        keyOf(id),
        'SET outcome = :outcome, expiresAt = :expires',
        'attribute_exists(account) AND attribute_not_exists(outcome)',
        { ':outcome': outcome, ':expires': Math.floor(now.getTime() / 1_000) + ORDER_TTL_SECONDS },
      );
    },
  };
}

function keyOf(id: string): string {
  return `paper-order ${id}`;
}

async function unlessConditionFailed(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

// The item of the ledger's table that holds the reservations of one broker account. `reservations.ts` reads and changes
// it; a write fails if the item was changed after the read.
import { setTimeout as pause } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type AccountReservations, NO_RESERVATIONS } from '../../domain/trading/reservation-state.ts';

export interface ReservationsItem {
  load(): Promise<AccountReservations>;
  /**
   * Reads, decides and writes; decides again if the item was changed in between. Does not write if the change has no state,
   * or the one that was read.
   */
  change<Answer>(
    decide: (state: AccountReservations) => Promise<Change<Answer>> | Change<Answer>,
  ): Promise<Answer>;
}

export interface Change<Answer> {
  readonly answer: Answer;
  readonly state?: AccountReservations;
}

/** In every try, another worker changed the reservations between the read and the write. A later retry may succeed. */
export class ReservationsBusy extends Error {
  override readonly name = 'ReservationsBusy';
}

const MAX_TRIES = 8;
/** Upper bound of the random pause after the first try, in milliseconds. The bound doubles with each try. */
const BACKOFF_MS = 5;

export function reservationsItem(client: DynamoDBClient, table: string, account: string): ReservationsItem {
  const key = { account: `reservations ${account}` };

  async function load(): Promise<{ state: AccountReservations; revision: number }> {
    const read = new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true });
    const { Item } = await client.send(read);
    if (!Item) return { state: NO_RESERVATIONS, revision: 0 };
    const { day, orderedCents, orders, reservations, tombstones, settlements, revision } = unmarshall(Item);
    return { state: { day, orderedCents, orders, reservations, tombstones, settlements }, revision };
  }

  /** Returns false if the item was changed since it was loaded. */
  async function save(state: AccountReservations, revision: number): Promise<boolean> {
    const put = new PutItemCommand({
      TableName: table,
      Item: marshall({ ...key, ...state, revision: revision + 1 }),
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

  return {
    load: async () => (await load()).state,
    async change(decide) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const { state, revision } = await load();
        const changed = await decide(state);
        const isUnchanged = changed.state === undefined || changed.state === state;
        if (isUnchanged || (await save(changed.state, revision))) return changed.answer;
        await pause(Math.random() * BACKOFF_MS * 2 ** tries);
      }
      throw new ReservationsBusy(
        `Other workers changed the reservations of the account ${account} in each of ${MAX_TRIES} tries.`,
      );
    },
  };
}

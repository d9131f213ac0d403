// A lease: the right to do something once, for a limited time. A worker that dies lets its lease expire, and the next worker
// learns that an earlier one may have done the work. Posting, escalating and notifying are each done under one.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * `acquired`: nobody held it before. `taken_over`: an earlier holder let it expire, and may have done the work. `held`: another
 * worker holds it. `done`: there is nothing left to do.
 */
export type Lease = 'acquired' | 'taken_over' | 'held' | 'done';

type Item = Readonly<Record<string, NativeAttributeValue>>;

export interface LeaseRequest extends Pick<
  UpdateItemCommandInput,
  'TableName' | 'Key' | 'UpdateExpression' | 'ExpressionAttributeNames'
> {
  /** Path of the attribute that holds when the lease was taken, ISO 8601. The update expression sets it. */
  readonly leasedAt: string;
  /** Condition that holds while the work is left to do. */
  readonly unlessDone: string;
  /** The same of an item that was read. */
  readonly isDone: (item: Item) => boolean;
  /** When the lease of an item that was read was taken, ISO 8601. */
  readonly leaseOf: (item: Item) => string | undefined;
  readonly durationMs: number;
  /** Values of the update expression and of `unlessDone`. */
  readonly values: Item;
}

/** One conditional write. It returns the item as it was before, which tells the four cases apart. */
export async function takeLease(client: DynamoDBClient, request: LeaseRequest, now: Date): Promise<Lease> {
  const { leasedAt, unlessDone, isDone, leaseOf, durationMs, values, ...update } = request;
  const expired = new Date(now.getTime() - durationMs).toISOString();
  const command = new UpdateItemCommand({
    ...update,
    ConditionExpression: `attribute_exists(id) AND ${unlessDone} AND (attribute_not_exists(${leasedAt}) OR ${leasedAt} < :expired)`,
    ExpressionAttributeValues: marshall({ ...values, ':expired': expired }),
    ReturnValues: 'ALL_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    const { Attributes = {} } = await client.send(command);
    return leaseOf(unmarshall(Attributes)) === undefined ? 'acquired' : 'taken_over';
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return !error.Item || isDone(unmarshall(error.Item)) ? 'done' : 'held';
  }
}

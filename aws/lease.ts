// A lease: the right to do something once, for a limited time. A function takes a lease before it posts, escalates or
// notifies. If the function dies, its lease expires, and the next holder learns that the work may have been done.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * `acquired`: the caller holds the lease, and nobody has done the work. `taken_over`: the caller holds the lease, but
 * an earlier lease expired, and its holder may have done the work. `held`: another caller holds the lease. `done`: no
 * work is left, or the item does not exist.
 */
export type Lease = 'acquired' | 'taken_over' | 'held' | 'done';

type Item = Readonly<Record<string, NativeAttributeValue>>;

export interface LeaseRequest extends Pick<
  UpdateItemCommandInput,
  'TableName' | 'Key' | 'UpdateExpression' | 'ExpressionAttributeNames'
> {
  /** Path of the attribute with the time at which the lease was taken. The update expression must set the attribute. */
  readonly leasedAt: string;
  /** A condition expression that is true while work is left. */
  readonly unlessDone: string;
  /** The opposite of `unlessDone`, computed from an item that was read. */
  readonly isDone: (item: Item) => boolean;
  /** Reads the attribute `leasedAt` of an item, ISO 8601. Undefined if the item has no lease. */
  readonly leaseOf: (item: Item) => string | undefined;
  readonly durationMs: number;
  /** Values of the update expression and of `unlessDone`. */
  readonly values: Item;
}

/** Takes the lease by one conditional write. The item before the write determines which `Lease` this returns. */
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

// The items of the approvals table: read consistently, written under a condition. `approvals-table.ts` and the files beside it
// say what a change means.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import { IMMEDIATELY } from '../domain/next-check.ts';
import { type Lease, type LeaseRequest, takeLease } from './lease.ts';

/** An approval together with the right to resume its execution. Never log or show one. */
export interface ApprovalWithToken {
  readonly approval: Approval;
  readonly taskToken: string;
}

export type Change = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames'
>;

/**
 * The item after the write, or the item that the condition refused: as it was at that moment, absent where there is none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValuesOnConditionCheckFailure
 */
export type WriteResult =
  | ({ readonly written: true } & ApprovalWithToken)
  | { readonly written: false; readonly current: ApprovalWithToken | undefined };

/** People should see the change, so the message is due for a check at once. Its values: {@link BUMP_REVISION_VALUES}. */
export const BUMP_REVISION = 'revision = revision + :one, nextCheckAt = :immediately';
export const BUMP_REVISION_VALUES = { ':one': 1, ':immediately': IMMEDIATELY };

/** Condition and values: neither the record nor what its message shows changed since it was read. */
export function unchangedSinceRead({ revision, shownRevision }: Approval) {
  const shown =
    shownRevision === undefined ? 'attribute_not_exists(shownRevision)' : 'shownRevision = :shown';
  return {
    condition: `revision = :revision AND ${shown}`,
    values: { ':revision': revision, ':shown': shownRevision },
  };
}

export interface ApprovalItems {
  /** False if the item exists already. */
  create(approval: Approval, taskToken: string): Promise<boolean>;
  read(key: ApprovalKey): Promise<ApprovalWithToken | undefined>;
  update(
    key: ApprovalKey,
    change: Change,
    values?: Readonly<Record<string, NativeAttributeValue>>,
  ): Promise<WriteResult>;
  lease(key: ApprovalKey, request: Omit<LeaseRequest, 'TableName' | 'Key'>, now: Date): Promise<Lease>;
}

export function approvalItems(client: DynamoDBClient, table: string): ApprovalItems {
  return {
    async create(approval, taskToken) {
      const item = { ...approval, open: 'yes', nextCheckAt: IMMEDIATELY, taskToken };
      const put = new PutItemCommand({
        TableName: table,
        Item: marshall(item, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(id)',
      });
      return (await undefinedIfConditionFailed(client.send(put))) !== undefined;
    },
    async read({ execution, id }) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: marshall({ execution, id }), ConsistentRead: true }),
      );
      return Item && toApprovalWithToken(Item);
    },
    async update({ execution, id }, change, values) {
      const update = new UpdateItemCommand({
        TableName: table,
        Key: marshall({ execution, id }),
        ...change,
        // Without this condition an update of a missing item would create it.
        ConditionExpression: ['attribute_exists(id)', change.ConditionExpression]
          .filter(Boolean)
          .join(' AND '),
        ExpressionAttributeValues: values && marshall(values, { removeUndefinedValues: true }),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        const { Attributes = {} } = await client.send(update);
        return { written: true, ...toApprovalWithToken(Attributes) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { written: false, current: error.Item && toApprovalWithToken(error.Item) };
      }
    },
    lease: ({ execution, id }, request, now) =>
      takeLease(client, { ...request, TableName: table, Key: marshall({ execution, id }) }, now),
  };
}

export async function undefinedIfConditionFailed<Output>(
  writing: Promise<Output>,
): Promise<Output | undefined> {
  try {
    return await writing;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** Only this project writes the items, so they are what it wrote. The attributes left out here serve the table alone. */
export function toApprovalWithToken(item: Record<string, NativeAttributeValue>): ApprovalWithToken {
  const {
    taskToken,
    postLeasedAt: _lease,
    open: _index,
    nextCheckAt: _check,
    decidedIn: _month,
    decidedAt: _at,
    ...approval
  } = unmarshall(item);
  return { approval: approval as Approval, taskToken };
}

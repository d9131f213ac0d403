// Reads items of the approvals table consistently, and writes them conditionally. `approvals-table.ts` calls it, and so
// do the files that define the changes, such as `votes.ts`.
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

/** An approval with the task token that resumes its execution. Never log or show the token. */
export interface ApprovalWithToken {
  readonly approval: Approval;
  readonly taskToken: string;
}

export type Change = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames'
>;

/**
 * If the item was written, this is the item after the write. If the condition failed, `current` is the item at that
 * moment, or undefined if the item does not exist.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValuesOnConditionCheckFailure
 */
export type WriteResult =
  | ({ readonly written: true } & ApprovalWithToken)
  | { readonly written: false; readonly current: ApprovalWithToken | undefined };

/**
 * Part of the update expression of a change that the Slack message must show. It also makes the reconciler check the
 * approval in its next run. The update needs {@link BUMP_REVISION_VALUES}.
 */
export const BUMP_REVISION = 'revision = revision + :one, nextCheckAt = :immediately';
export const BUMP_REVISION_VALUES = { ':one': 1, ':immediately': IMMEDIATELY };

/** The condition, with its values, that `revision` and `shownRevision` have not changed since the approval was read. */
export function unchangedSinceRead({ revision, shownRevision }: Approval) {
  const shown =
    shownRevision === undefined ? 'attribute_not_exists(shownRevision)' : 'shownRevision = :shown';
  return {
    condition: `revision = :revision AND ${shown}`,
    values: { ':revision': revision, ':shown': shownRevision },
  };
}

/** The ids of approvals begin with it. */
export const APPROVAL = 'approval-';

export interface ApprovalItems {
  /** Returns false if the item exists already. */
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
    async read(key) {
      if (!isApprovalKey(key)) return undefined;
      const { execution, id } = key;
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: marshall({ execution, id }), ConsistentRead: true }),
      );
      return Item && toApprovalWithToken(Item);
    },
    async update(key, change, values) {
      if (!isApprovalKey(key)) return { written: false, current: undefined };
      const { execution, id } = key;
      const update = new UpdateItemCommand({
        TableName: table,
        Key: marshall({ execution, id }),
        ...change,
        // Without `attribute_exists(id)`, an update of a missing item would create the item.
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
    async lease(key, request, now) {
      if (!isApprovalKey(key)) return 'done';
      const { execution, id } = key;
      return takeLease(client, { ...request, TableName: table, Key: marshall({ execution, id }) }, now);
    },
  };
}

/**
 * The table also holds settings, caches and completions, and a key may come from a button or a modal. So a key is used
 * only if it can be the key of an approval.
 */
function isApprovalKey({ execution, id }: ApprovalKey): boolean {
  return id.startsWith(APPROVAL) && !execution.includes(':');
}

export async function undefinedIfConditionFailed<Output>(
  write: Promise<Output>,
): Promise<Output | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/**
 * Removes the attributes that only the table and its indexes use. Items are not validated, because only this project
 * writes them.
 */
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

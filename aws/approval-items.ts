// The items of the approvals table: read consistently, written under a condition. What a change means stands in
// `approvals-table.ts` and `votes.ts`, which call it.
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

/** An approval together with the right to resume its execution. Nothing that holds one is logged or shown. */
export interface ApprovalWithToken {
  readonly approval: Approval;
  readonly taskToken: string;
}

/** A change of one item. It answers the item as it is afterwards. */
export type Change = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames'
>;

/** What people should see has changed: that the message shows it is due at once. With {@link MOVED_BY} as its values. */
export const BUMP_REVISION = 'revision = revision + :one, nextCheckAt = :atOnce';
export const BUMP_REVISION_VALUES = { ':one': 1, ':atOnce': IMMEDIATELY };

/** The condition, with its values, that it did not move since it was read, nor is shown otherwise. */
export function unchangedSinceRead({ revision, shownRevision }: Approval) {
  const shown =
    shownRevision === undefined ? 'attribute_not_exists(shownRevision)' : 'shownRevision = :shown';
  return {
    condition: `revision = :revision AND ${shown}`,
    values: { ':revision': revision, ':shown': shownRevision },
  };
}

export interface ApprovalItems {
  /** False: it is there already. */
  create(approval: Approval, taskToken: string): Promise<boolean>;
  read(key: ApprovalKey): Promise<ApprovalWithToken | undefined>;
  /** Undefined: there is no such item, or the condition was not met. */
  update(
    key: ApprovalKey,
    change: Change,
    values?: Readonly<Record<string, NativeAttributeValue>>,
  ): Promise<ApprovalWithToken | undefined>;
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
        // Without it an update of what is not there would make it.
        ConditionExpression: ['attribute_exists(id)', change.ConditionExpression]
          .filter(Boolean)
          .join(' AND '),
        ExpressionAttributeValues: values && marshall(values, { removeUndefinedValues: true }),
        ReturnValues: 'ALL_NEW',
      });
      const done = await undefinedIfConditionFailed(client.send(update));
      return done?.Attributes && toApprovalWithToken(done.Attributes);
    },
  };
}

/** Undefined: its condition was not met. */
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

/** Only this project writes the items, so they are what it wrote; what no approval has is for the table alone. */
export function toApprovalWithToken(item: Record<string, NativeAttributeValue>): ApprovalWithToken {
  const {
    taskToken,
    postingAt: _claim,
    open: _index,
    nextCheckAt: _due,
    decidedIn: _month,
    decidedAt: _at,
    ...approval
  } = unmarshall(item);
  return { approval: approval as Approval, taskToken };
}

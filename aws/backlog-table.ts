// Stores the `ts` of a channel's backlog message, which says how many requests wait to be posted in the channel.
// `show-backlog.ts` calls it. Backlogs are items of the approvals table.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { undefinedIfConditionFailed } from './approval-items.ts';

export interface Backlog {
  /** When the backlog began, ISO 8601. Also identifies the backlog. */
  readonly since: string;
  /** Slack's `ts` of the message. Absent until the message is posted. */
  readonly ts?: string | undefined;
}

export interface BacklogTable {
  /** Undefined if the channel has no backlog. */
  get(channel: string): Promise<Backlog | undefined>;
  /** Stores a new backlog. Returns false if the channel has one already. */
  begin(channel: string, backlog: Backlog): Promise<boolean>;
  put(channel: string, backlog: Backlog): Promise<void>;
  end(channel: string): Promise<void>;
}

export function backlogTable(client: DynamoDBClient, table: string): BacklogTable {
  return {
    async get(channel) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(channel), ConsistentRead: true }),
      );
      const { since, ts } = unmarshall(Item ?? {});
      if (since === undefined) return undefined;
      return { since, ts };
    },
    async begin(channel, backlog) {
      const put = new PutItemCommand({
        TableName: table,
        Item: { ...keyOf(channel), ...marshall(backlog, { removeUndefinedValues: true }) },
        ConditionExpression: 'attribute_not_exists(since)',
      });
      return (await undefinedIfConditionFailed(client.send(put))) !== undefined;
    },
    async put(channel, backlog) {
      const Item = { ...keyOf(channel), ...marshall(backlog, { removeUndefinedValues: true }) };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
    async end(channel) {
      // Functions may not delete items, so the item is replaced by one without a backlog.
      await client.send(new PutItemCommand({ TableName: table, Item: keyOf(channel) }));
    },
  };
}

/** No approval has this key, because Step Functions allows no colon in the name of an execution. */
function keyOf(channel: string) {
  return marshall({ execution: ':backlog', id: `backlog-${channel}` });
}

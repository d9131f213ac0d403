// Stores the backlog message of a channel: the one message that says how many requests wait to be posted there.
// `show-backlog.ts` reads and writes the message's record.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { undefinedIfConditionFailed } from './approval-items.ts';

export interface Backlog {
  /** When the backlog began, ISO 8601. Also identifies the backlog. */
  readonly since: string;
  /** Slack's `ts` of the message. Absent until it is posted. */
  readonly ts?: string | undefined;
}

export interface BacklogTable {
  get(channel: string): Promise<Backlog | undefined>;
  /** Stores a new backlog. Returns false if another worker stored one meanwhile. */
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
      await client.send(new PutItemCommand({ TableName: table, Item: keyOf(channel) }));
    },
  };
}

/** The key begins with a colon, which no execution's name may contain, so it never equals the key of an approval. */
function keyOf(channel: string) {
  return marshall({ execution: ':backlog', id: `backlog-${channel}` });
}

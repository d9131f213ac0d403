// The message that says how many requests wait to be asked in a channel, while they are many: one item a channel, there
// as long as the message is kept up to date. keep-watch reads and writes it.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { undefinedIfConditionFailed } from './approval-items.ts';

export interface Backlog {
  /** When it became too long, ISO 8601; it tells this backlog from those before it. */
  readonly since: string;
  /** Slack's `ts` of the message, once that is known. */
  readonly ts?: string | undefined;
}

export interface BacklogTable {
  get(channel: string): Promise<Backlog | undefined>;
  /** False: somebody else begins one at the moment. */
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

/** No execution has such a name: Step Functions allows no colon in one. */
function keyOf(channel: string) {
  return marshall({ execution: ':backlog', id: `backlog-${channel}` });
}

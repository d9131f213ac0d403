// The audit table: what people did to approvals, kept permanently. The bot, relay-result and the
// reconciler add entries. The slash command `audit`, the reconciler and the operator's commands read them. No function
// may change an entry.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateQuery,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEntry } from '../domain/audit.ts';
import { monthsFrom } from '../domain/months.ts';

export interface AuditTable {
  /** Stores an entry, unless an entry with the same `at` and `name` is stored already. Returns the stored entry. */
  record(entry: AuditEntry): Promise<AuditEntry>;
  /** The entries of a month, such as `2026-11` (UTC), oldest first. */
  ofMonth(month: string): AsyncIterable<AuditEntry>;
  /** The same, each with the key under which it is stored: the month, and the position in it. */
  itemsOfMonth(month: string): AsyncIterable<StoredEntry>;
  /**
   * The entries from one position to another, both included, oldest first. A position is a time (ISO 8601) or one that
   * `positionOf` returns.
   */
  between(first: string, last: string): AsyncIterable<StoredEntry>;
}

/** Only somebody who changed the table can have stored an entry under a key that is not its own. */
export interface StoredEntry {
  readonly month: string;
  readonly position: string;
  readonly entry: AuditEntry;
}

/** The position of an entry in the order of time. */
export function positionOf({ at, name }: AuditEntry): string {
  return `${at} ${name}`;
}

export function auditTable(client: DynamoDBClient, table: string): AuditTable {
  async function* query(month: string, range = '', values: object = {}): AsyncIterable<StoredEntry> {
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        KeyConditionExpression: `#month = :month${range}`,
        ExpressionAttributeNames: { '#month': 'month' },
        ExpressionAttributeValues: marshall({ ':month': month, ...values }),
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) yield* Items.map(toStored);
  }

  return {
    async record(entry) {
      const item = { month: entry.at.slice(0, 7), id: positionOf(entry), ...entry };
      const put = new PutItemCommand({
        TableName: table,
        Item: marshall(item, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(put);
        return entry;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException && error.Item)) throw error;
        return toStored(error.Item).entry;
      }
    },
    async *ofMonth(month) {
      for await (const { entry } of query(month)) yield entry;
    },
    itemsOfMonth: (month) => query(month),
    async *between(first, last) {
      for (const month of monthsFrom(first, last))
        yield* query(month, ' AND id BETWEEN :first AND :last', { ':first': first, ':last': last });
    },
  };
}

/** Items are not validated, because only this file writes them. */
function toStored(item: Parameters<typeof unmarshall>[0]): StoredEntry {
  const { month, id, ...entry } = unmarshall(item);
  return { month, position: id, entry: entry as AuditEntry };
}

// The audit table: what people did to approvals, kept permanently. The bot and relay-result add entries. The slash
// command reads them if its text is `audit`, and so does `cli/audit-export.ts`. No function may change an entry.
import { type DynamoDBClient, paginateQuery, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEntry } from '../domain/audit.ts';
import { undefinedIfConditionFailed } from './approval-items.ts';

export interface AuditTable {
  /** Stores an entry, unless an entry with the same `at` and `name` is stored already. */
  record(entry: AuditEntry): Promise<void>;
  /** The entries of a month, such as `2026-11` (UTC), oldest first. */
  ofMonth(month: string): AsyncIterable<AuditEntry>;
}

export function auditTable(client: DynamoDBClient, table: string): AuditTable {
  return {
    async record(entry) {
      const { at, name } = entry;
      const item = { month: at.slice(0, 7), id: `${at} ${name}`, ...entry };
      const put = new PutItemCommand({
        TableName: table,
        Item: marshall(item, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(id)',
      });
      await undefinedIfConditionFailed(client.send(put));
    },
    async *ofMonth(month) {
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          KeyConditionExpression: '#month = :month',
          ExpressionAttributeNames: { '#month': 'month' },
          ExpressionAttributeValues: marshall({ ':month': month }),
        },
      );
      for await (const { Items = [] } of pages) yield* Items.map(toEntry);
    },
  };
}

/** Items are not validated, because only this file writes them. */
function toEntry(item: Parameters<typeof unmarshall>[0]): AuditEntry {
  const { month: _month, id: _id, ...entry } = unmarshall(item);
  return entry as AuditEntry;
}

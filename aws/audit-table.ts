// The audit table: what people did, kept for good. Entries are put once and never changed: no function here may update
// or delete one. The bot and the relay record, the command's `audit` and `npm run audit` read.
import { type DynamoDBClient, paginateQuery, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEntry } from '../domain/audit.ts';
import { undefinedIfConditionFailed } from './approval-items.ts';

export interface AuditTable {
  /** Keeps an entry. Recorded twice, it is kept as it was first. */
  record(entry: AuditEntry): Promise<void>;
  /** What was done in a month, such as `2026-11` (UTC), the earliest first. */
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

/** Only this file writes the items, so they are what it wrote. */
function toEntry(item: Parameters<typeof unmarshall>[0]): AuditEntry {
  const { month: _month, id: _id, ...entry } = unmarshall(item);
  return entry as AuditEntry;
}

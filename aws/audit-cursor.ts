// Stores the position up to which the entries of the audit are copied. `functions/copy-new-entries.ts` calls it. The cursor is
// an item of the approvals table.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

export interface AuditCursor {
  /** A position in the audit table. Undefined before the first copy. */
  get(): Promise<string | undefined>;
  set(position: string): Promise<void>;
}

/** No approval has this key, because Step Functions allows no colon in the name of an execution. */
const KEY = marshall({ execution: ':audit', id: 'cursor' });

export function auditCursor(client: DynamoDBClient, table: string): AuditCursor {
  return {
    async get() {
      const get = new GetItemCommand({ TableName: table, Key: KEY, ConsistentRead: true });
      return unmarshall((await client.send(get)).Item ?? {})['position'];
    },
    async set(position) {
      await client.send(
        new PutItemCommand({ TableName: table, Item: { ...KEY, ...marshall({ position }) } }),
      );
    },
  };
}

// Caches the approvers with their user groups resolved, so that a burst of requests does not ask Slack once for each
// request. `fetch-approvers.ts` writes the cache, and request-approval reads it. Its entries are items of the approvals
// table.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { digest } from '../domain/digest.ts';

/** A list of users and user groups, resolved to people. */
export interface ResolvedApprovers {
  /** Slack user ids. */
  readonly userIds: readonly string[];
  /** When Slack resolved them, ISO 8601. */
  readonly resolvedAt: string;
}

export interface ResolvedApproversTable {
  /** Returns the cached people, however old. Undefined if these approvers were never resolved. */
  get(approvers: readonly string[]): Promise<ResolvedApprovers | undefined>;
  put(approvers: readonly string[], resolved: ResolvedApprovers): Promise<void>;
}

export function resolvedApproversTable(client: DynamoDBClient, table: string): ResolvedApproversTable {
  return {
    async get(approvers) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: marshall(keyOf(approvers)), ConsistentRead: true }),
      );
      if (!Item) return undefined;
      const { userIds, resolvedAt } = unmarshall(Item);
      return { userIds, resolvedAt };
    },
    async put(approvers, resolved) {
      const Item = marshall({ ...keyOf(approvers), ...resolved });
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
  };
}

/** The key of the cached item. No execution is named `:approvers`: Step Functions allows no colon in a name. */
function keyOf(approvers: readonly string[]) {
  return { execution: ':approvers', id: `approvers-${digest(approvers.join(' '))}` };
}

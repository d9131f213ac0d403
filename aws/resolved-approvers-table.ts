// Caches the people behind lists of approvers, so that a burst of requests does not ask Slack once for each request.
// `fetch-approvers.ts` writes the cache, and request-approval reads it. The cached lists are items of the approvals
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
  /**
   * Returns the cached people, however old. Undefined if these approvers were never resolved.
   * @param approvers ids of Slack users and user groups
   */
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

/** No approval has this key, because Step Functions allows no colon in the name of an execution. */
function keyOf(approvers: readonly string[]) {
  return { execution: ':approvers', id: `approvers-${digest(approvers.join(' '))}` };
}

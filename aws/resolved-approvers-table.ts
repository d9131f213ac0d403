// Who the approvers are, groups resolved, as last seen in Slack: kept for a few minutes beside the approvals, so that a
// burst of requests does not ask Slack once each. request-approval reads it, refresh-members renews it.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { digest } from '../domain/digest.ts';

/** The people behind ids of users and user groups, as Slack last named them. */
export interface ResolvedApprovers {
  /** Slack user ids. */
  readonly userIds: readonly string[];
  /** When Slack was asked, ISO 8601. */
  readonly resolvedAt: string;
}

export interface ResolvedApproversTable {
  /** As last seen, however long ago. */
  get(approvers: readonly string[]): Promise<ResolvedApprovers | undefined>;
  put(approvers: readonly string[], seen: ResolvedApprovers): Promise<void>;
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
    async put(approvers, seen) {
      const Item = marshall({ ...keyOf(approvers), ...seen });
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
  };
}

/** No execution has such a name: Step Functions allows no colon in one. */
function keyOf(approvers: readonly string[]) {
  return { execution: ':approvers', id: `approvers-${digest(approvers.join(' '))}` };
}

// Who the approvers are, groups resolved, as last seen in Slack: kept for a few minutes beside the approvals, so that a
// burst of requests does not ask Slack once each. request-approval reads it, refresh-members renews it.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { digest } from '../domain/digest.ts';

/** The people behind ids of users and user groups. */
export interface Members {
  /** Slack user ids. */
  readonly members: readonly string[];
  /** When Slack said so, ISO 8601. */
  readonly membersAt: string;
}

export interface MembersTable {
  /** As last seen, however long ago. */
  get(approvers: readonly string[]): Promise<Members | undefined>;
  put(approvers: readonly string[], seen: Members): Promise<void>;
}

export function membersTable(client: DynamoDBClient, table: string): MembersTable {
  return {
    async get(approvers) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: marshall(keyOf(approvers)), ConsistentRead: true }),
      );
      if (!Item) return undefined;
      const { members, membersAt } = unmarshall(Item);
      return { members, membersAt };
    },
    async put(approvers, seen) {
      const Item = marshall({ ...keyOf(approvers), ...seen });
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
  };
}

/** No execution has such a name: Step Functions allows no colon in one. */
function keyOf(approvers: readonly string[]) {
  return { execution: ':members', id: `members-${digest(approvers.join(' '))}` };
}

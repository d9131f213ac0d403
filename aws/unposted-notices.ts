// Stores who got a direct message about a request that the channel refuses, so that a retry sends nobody a second one.
// request-approval calls it. The notices are items of the approvals table.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ApprovalKey } from '../domain/approval.ts';
import { type Notifications, notifications, recordSubject } from './notifications.ts';

export interface UnpostedNotices extends Notifications<ApprovalKey> {
  /** Stores that people must be notified, unless this is stored already. */
  record(approval: ApprovalKey, now: Date): Promise<void>;
}

export function unpostedNotices(client: DynamoDBClient, table: string): UnpostedNotices {
  return {
    ...notifications(client, table, keyOf),
    record: (approval, now) => recordSubject(client, table, keyOf(approval), now),
  };
}

function keyOf({ execution, id }: ApprovalKey) {
  return { execution, id: `unposted-${id}` };
}

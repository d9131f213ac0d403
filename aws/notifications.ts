// Notifies each audience of a subject at most once: a lease for each audience, and the set of audiences that were
// notified, in the item of the subject. `completions-table.ts` and `unposted-notices.ts` store their subjects with it.
import { type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { undefinedIfConditionFailed } from './approval-items.ts';
import { type Lease, takeLease } from './lease.ts';

/**
 * `channel`: a message in the approval's thread or in the channel. `requester` and `approver-<id>`: a direct message.
 */
export type Audience = 'channel' | 'requester' | `approver-${string}`;

export interface Notifications<Subject> {
  /** Takes the lease to notify an audience. Returns `done` if the audience was notified already. */
  leaseNotification(subject: Subject, audience: Audience, now: Date): Promise<Lease>;
  /** Releases the lease. The caller must be sure that nobody was notified. */
  releaseNotification(subject: Subject, audience: Audience): Promise<void>;
  recordNotified(subject: Subject, audience: Audience): Promise<void>;
}

/** Longer than the timeout of each function that notifies, so that a lease does not expire while its holder runs. */
const NOTIFICATION_LEASE_MS = 30_000;

/**
 * An item expires before the name of its execution may be used again, which is after 90 days:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const TTL_SECONDS = 60 * 24 * 60 * 60;

interface Key {
  readonly execution: string;
  readonly id: string;
}

/** Stores the item of a subject, unless it is stored already. */
export async function recordSubject(
  client: DynamoDBClient,
  table: string,
  item: Key & Readonly<Record<string, string>>,
  now: Date,
): Promise<void> {
  const expiresAt = Math.floor(now.getTime() / 1_000) + TTL_SECONDS;
  const put = new PutItemCommand({
    TableName: table,
    Item: marshall({ ...item, expiresAt }),
    ConditionExpression: 'attribute_not_exists(id)',
  });
  await undefinedIfConditionFailed(client.send(put));
}

/** @param keyOf returns the key of the subject's item, which must be stored before a lease is taken */
export function notifications<Subject>(
  client: DynamoDBClient,
  table: string,
  keyOf: (subject: Subject) => Key,
): Notifications<Subject> {
  return {
    leaseNotification: (subject, audience, now) =>
      takeLease(
        client,
        {
          TableName: table,
          Key: marshall(keyOf(subject)),
          UpdateExpression: 'SET #notifying = :now',
          leasedAt: '#notifying',
          unlessDone: 'NOT contains(notified, :audience)',
          isDone: ({ notified }) => notified?.has(audience) === true,
          leaseOf: (item) => item[notifying(audience)],
          durationMs: NOTIFICATION_LEASE_MS,
          ExpressionAttributeNames: { '#notifying': notifying(audience) },
          values: { ':now': now.toISOString(), ':audience': audience },
        },
        now,
      ),

    async releaseNotification(subject, audience) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall(keyOf(subject)),
          UpdateExpression: 'REMOVE #notifying',
          ExpressionAttributeNames: { '#notifying': notifying(audience) },
        }),
      );
    },

    async recordNotified(subject, audience) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall(keyOf(subject)),
          UpdateExpression: 'ADD notified :audience',
          ExpressionAttributeValues: marshall({ ':audience': new Set([audience]) }),
        }),
      );
    },
  };
}

/** Name of the attribute with the time at which the lease was taken. */
function notifying(audience: Audience): string {
  return `notifying-${audience}`;
}

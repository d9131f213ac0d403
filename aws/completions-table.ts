// Stores how executions ended, and which audiences were notified. relay-result records a completion before it notifies
// people. request-approval reads completions to recognize a request of an execution that has ended. Completions are
// items of the approvals table.
import {
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Result } from '../domain/approval.ts';
import { digest } from '../domain/digest.ts';
import { undefinedIfConditionFailed } from './approval-items.ts';
import { executionName } from './executions.ts';
import { type Lease, takeLease } from './lease.ts';

export interface Completion {
  readonly executionArn: string;
  readonly outcome: Result['outcome'];
  /**
   * When the execution ended, ISO 8601. Undefined if unknown. A redriven execution may end more than once, and each end
   * is a separate completion.
   */
  readonly at?: string | undefined;
}

/**
 * Each audience is notified of a completion once: `channel` by a message in the approval's thread or in the channel,
 * `requester` by a direct message. If the channel cannot be reached, `approver-<id>` by a direct message.
 */
export type Audience = 'channel' | 'requester' | `approver-${string}`;

export interface Completions {
  /** Returns the unique id of the completion. */
  idOf(completion: Completion): string;
  /** Stores the completion, unless it is stored already. */
  record(completion: Completion, now: Date): Promise<void>;
  /** Takes the lease to notify an audience. Returns `done` if the audience was notified already. */
  leaseNotification(completion: Completion, audience: Audience, now: Date): Promise<Lease>;
  /** Releases the lease. The caller must be sure that nobody was notified. */
  releaseNotification(completion: Completion, audience: Audience): Promise<void>;
  recordNotified(completion: Completion, audience: Audience): Promise<void>;
  /**
   * Whether the execution ended at or after `time` (ISO 8601). Earlier ends do not count, because the execution may
   * have been redriven since.
   */
  endedSince(executionArn: string, time: string): Promise<boolean>;
}

/** Longer than the timeout of relay-result, so that a lease does not expire while its holder runs. */
const NOTIFICATION_LEASE_MS = 30_000;

/**
 * A completion expires before the name of its execution may be used again, which is after 90 days:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const COMPLETION_TTL_SECONDS = 60 * 24 * 60 * 60;

const COMPLETION = 'completion-';

export function completionsTable(client: DynamoDBClient, table: string): Completions {
  return {
    idOf: (completion) => idOf(completion),

    async record(completion, now) {
      const expiresAt = Math.floor(now.getTime() / 1_000) + COMPLETION_TTL_SECONDS;
      const { executionArn, at = now.toISOString() } = completion;
      const put = new PutItemCommand({
        TableName: table,
        Item: { ...keyOf(completion), ...marshall({ executionArn, at, expiresAt }) },
        ConditionExpression: 'attribute_not_exists(id)',
      });
      await undefinedIfConditionFailed(client.send(put));
    },

    leaseNotification: (completion, audience, now) =>
      takeLease(
        client,
        {
          TableName: table,
          Key: keyOf(completion),
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

    async releaseNotification(completion, audience) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(completion),
          UpdateExpression: 'REMOVE #notifying',
          ExpressionAttributeNames: { '#notifying': notifying(audience) },
        }),
      );
    },

    async recordNotified(completion, audience) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(completion),
          UpdateExpression: 'ADD notified :audience',
          ExpressionAttributeValues: marshall({ ':audience': new Set([audience]) }),
        }),
      );
    },

    async endedSince(executionArn, time) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'execution = :execution AND begins_with(id, :completion)',
          ExpressionAttributeValues: marshall({
            ':execution': executionName(executionArn),
            ':completion': COMPLETION,
          }),
        }),
      );
      return Items.map((item) => unmarshall(item)).some(
        (item) => item['executionArn'] === executionArn && item['at'] >= time,
      );
    },
  };
}

/** Name of the attribute with the time at which the lease was taken. */
function notifying(audience: Audience): string {
  return `notifying-${audience}`;
}

function keyOf(completion: Completion) {
  return marshall({ execution: executionName(completion.executionArn), id: idOf(completion) });
}

/** Contains a digest of the ARN, because two state machines may have executions of the same name. */
function idOf({ executionArn, outcome, at }: Completion): string {
  return `${COMPLETION}${outcome}-${digest(at ? `${executionArn} ${at}` : executionArn)}`;
}

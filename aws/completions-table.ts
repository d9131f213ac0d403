// How executions ended, and who was notified of it. Kept in the approvals table beside the approvals. relay-result records a
// completion before it notifies anybody, so that request-approval sees that a late request is over.
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
  /** When the execution ended, ISO 8601, where that is known. A redriven execution ends twice: two completions. */
  readonly at?: string | undefined;
}

/** Each audience is notified of a completion once. */
export type Audience = 'channel' | 'requester';

export interface Completions {
  /** Differs for every completion. */
  idOf(completion: Completion): string;
  /** Stores the completion, unless it is stored already. */
  record(completion: Completion, now: Date): Promise<void>;
  /** Takes the right to notify an audience. `done`: it was notified. */
  leaseNotification(completion: Completion, audience: Audience, now: Date): Promise<Lease>;
  /** Gives the lease back: nobody was notified. */
  releaseNotification(completion: Completion, audience: Audience): Promise<void>;
  recordNotified(completion: Completion, audience: Audience): Promise<void>;
  /** Whether the execution ended at this time, ISO 8601, or later. A redriven execution may ask again afterwards. */
  endedSince(executionArn: string, time: string): Promise<boolean>;
}

/** Longer than a function that notifies can live. */
const NOTIFICATION_LEASE_MS = 30_000;

/**
 * How long a completion is kept. An execution's name may be used again 90 days after the execution closed, and people must be
 * notified of the new execution:
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

/** The attribute that holds the lease. */
function notifying(audience: Audience): string {
  return `notifying-${audience}`;
}

function keyOf(completion: Completion) {
  return marshall({ execution: executionName(completion.executionArn), id: idOf(completion) });
}

/** Made from the ARN: two state machines may have executions of the same name. */
function idOf({ executionArn, outcome, at }: Completion): string {
  return `${COMPLETION}${outcome}-${digest(at ? `${executionArn} ${at}` : executionArn)}`;
}

// Which executions have ended, and of which it was told: kept in the approvals table beside the approvals. Recorded
// before anything is told, so that a request that is asked too late sees that it is over. The relay writes it,
// request-approval looks.
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Result } from '../domain/approval.ts';
import { digest } from '../domain/digest.ts';
import { undefinedIfConditionFailed } from './approval-items.ts';
import { executionName } from './executions.ts';

export interface Completion {
  readonly executionArn: string;
  readonly outcome: Result['outcome'];
  /** When it ended, ISO 8601, where that is known: what ended twice is two endings. */
  readonly at?: string | undefined;
}

/** To whom an ending is told, once each. */
export type Audience = 'channel' | 'requester';

export interface Completions {
  /** What tells one ending from all others. */
  idOf(completion: Completion): string;
  /** Records that an execution ended so, the first time. */
  record(completion: Completion, now: Date): Promise<void>;
  /**
   * Takes the right to tell it, for half a minute. `again`: somebody had it before, and may have told it. `busy`: somebody
   * else is telling it.
   */
  leaseNotification(
    completion: Completion,
    audience: Audience,
    now: Date,
  ): Promise<'first' | 'again' | 'told' | 'conflict'>;
  /** Gives that right back: nothing was told. */
  releaseNotification(completion: Completion, audience: Audience): Promise<void>;
  recordNotified(completion: Completion, audience: Audience): Promise<void>;
  /** Whether the execution ended at this time, ISO 8601, or later. A redriven one may be asked about again. */
  endedSince(executionArn: string, time: string): Promise<boolean>;
}

/** Longer than a function that tells can live, in milliseconds. */
const NOTIFICATION_LEASE_MS = 30_000;

/**
 * Seconds an ending is kept. A name may be used again 90 days after its execution closed, and must then be told anew:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const COMPLETION_TTL_SECONDS = 60 * 24 * 60 * 60;

const COMPLETION = 'completion-';

export function completionsTable(client: DynamoDBClient, table: string): Completions {
  return {
    idOf: (completion) => idOf(completion),

    async record(completion, now) {
      const Key = keyOf(completion);
      const expiresAt = Math.floor(now.getTime() / 1_000) + COMPLETION_TTL_SECONDS;
      const Item = {
        ...Key,
        ...marshall({
          executionArn: completion.executionArn,
          at: completion.at ?? now.toISOString(),
          expiresAt,
        }),
      };
      const put = new PutItemCommand({
        TableName: table,
        Item,
        ConditionExpression: 'attribute_not_exists(id)',
      });
      await undefinedIfConditionFailed(client.send(put));
    },

    async leaseNotification(completion, audience, now) {
      const Key = keyOf(completion);
      const claim = (free: string, values?: { readonly ':stale': string }) =>
        undefinedIfConditionFailed(
          client.send(
            new UpdateItemCommand({
              TableName: table,
              Key,
              UpdateExpression: 'SET #telling = :now',
              ConditionExpression: `NOT contains(told, :audience) AND ${free}`,
              ExpressionAttributeNames: { '#telling': telling(audience) },
              ExpressionAttributeValues: marshall({
                ':now': now.toISOString(),
                ':audience': audience,
                ...values,
              }),
            }),
          ),
        );
      if (await claim('attribute_not_exists(#telling)')) return 'first';
      const stale = new Date(now.getTime() - NOTIFICATION_LEASE_MS).toISOString();
      if (await claim('#telling < :stale', { ':stale': stale })) return 'again';
      const { Item = {} } = await client.send(
        new GetItemCommand({ TableName: table, Key, ConsistentRead: true }),
      );
      return Item['told']?.SS?.includes(audience) ? 'told' : 'conflict';
    },

    async releaseNotification(completion, audience) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(completion),
          UpdateExpression: 'REMOVE #telling',
          ExpressionAttributeNames: { '#telling': telling(audience) },
        }),
      );
    },

    async recordNotified(completion, audience) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(completion),
          UpdateExpression: 'ADD told :audience',
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

function telling(audience: Audience): string {
  return `telling-${audience}`;
}

/** By the ARN: two state machines may have executions of one name. What is redriven may fail, or be stopped, again. */
function keyOf(completion: Completion) {
  return marshall({ execution: executionName(completion.executionArn), id: idOf(completion) });
}

function idOf({ executionArn, outcome, at }: Completion): string {
  return `${COMPLETION}${outcome}-${digest(at ? `${executionArn} ${at}` : executionArn)}`;
}

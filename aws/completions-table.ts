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
import { unlessRefused } from './approval-items.ts';
import { executionName } from './executions.ts';

export interface Ending {
  readonly executionArn: string;
  readonly outcome: Result['outcome'];
  /** When it ended, ISO 8601, where that is known: what ended twice is two endings. */
  readonly at?: string | undefined;
}

/** To whom an ending is told, once each. */
export type Audience = 'channel' | 'requester';

export interface Endings {
  /** What tells one ending from all others. */
  idOf(ending: Ending): string;
  /** Records that an execution ended so, the first time. */
  record(ending: Ending, now: Date): Promise<void>;
  /**
   * Takes the right to tell it, for half a minute. `again`: somebody had it before, and may have told it. `busy`: somebody
   * else is telling it.
   */
  claimTelling(
    ending: Ending,
    audience: Audience,
    now: Date,
  ): Promise<'first' | 'again' | 'told' | 'conflict'>;
  /** Gives that right back: nothing was told. */
  releaseTelling(ending: Ending, audience: Audience): Promise<void>;
  recordTold(ending: Ending, audience: Audience): Promise<void>;
  /** Whether the execution ended at this time, ISO 8601, or later. A redriven one may be asked about again. */
  endedSince(executionArn: string, time: string): Promise<boolean>;
}

/** Longer than a function that tells can live, in milliseconds. */
const TELLING_TAKES = 30_000;

/**
 * Seconds an ending is kept. A name may be used again 90 days after its execution closed, and must then be told anew:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const KEPT = 60 * 24 * 60 * 60;

const ENDING = 'ending-';

export function endingsTable(client: DynamoDBClient, table: string): Endings {
  return {
    idOf: (ending) => idOf(ending),

    async record(ending, now) {
      const Key = keyOf(ending);
      const expiresAt = Math.floor(now.getTime() / 1_000) + KEPT;
      const Item = {
        ...Key,
        ...marshall({ executionArn: ending.executionArn, at: ending.at ?? now.toISOString(), expiresAt }),
      };
      const put = new PutItemCommand({
        TableName: table,
        Item,
        ConditionExpression: 'attribute_not_exists(id)',
      });
      await unlessRefused(client.send(put));
    },

    async claimTelling(ending, audience, now) {
      const Key = keyOf(ending);
      const claim = (free: string, values?: { readonly ':stale': string }) =>
        unlessRefused(
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
      const stale = new Date(now.getTime() - TELLING_TAKES).toISOString();
      if (await claim('#telling < :stale', { ':stale': stale })) return 'again';
      const { Item = {} } = await client.send(
        new GetItemCommand({ TableName: table, Key, ConsistentRead: true }),
      );
      return Item['told']?.SS?.includes(audience) ? 'told' : 'conflict';
    },

    async releaseTelling(ending, audience) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(ending),
          UpdateExpression: 'REMOVE #telling',
          ExpressionAttributeNames: { '#telling': telling(audience) },
        }),
      );
    },

    async recordTold(ending, audience) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(ending),
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
          KeyConditionExpression: 'execution = :execution AND begins_with(id, :ending)',
          ExpressionAttributeValues: marshall({
            ':execution': executionName(executionArn),
            ':ending': ENDING,
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
function keyOf(ending: Ending) {
  return marshall({ execution: executionName(ending.executionArn), id: idOf(ending) });
}

function idOf({ executionArn, outcome, at }: Ending): string {
  return `${ENDING}${outcome}-${digest(at ? `${executionArn} ${at}` : executionArn)}`;
}

// Which executions have ended, and of which it was told: kept in the approvals table beside the approvals. Recorded
// before anything is told, so that a request that is asked too late sees that it is over. The relay writes it,
// request-approval looks.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Result } from '../domain/approval.ts';
import { digest } from '../domain/digest.ts';
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
  /** Records that an execution ended so. Answers to whom it was told before. */
  record(ending: Ending, now: Date): Promise<readonly Audience[]>;
  recordTold(ending: Ending, audience: Audience): Promise<void>;
  /** Whether the execution ended at this time, ISO 8601, or later. A redriven one may be asked about again. */
  endedSince(executionArn: string, time: string): Promise<boolean>;
}

/**
 * Seconds an ending is kept. A name may be used again 90 days after its execution closed, and must then be told anew:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const KEPT = 60 * 24 * 60 * 60;

const ENDING = 'ending-';

export function endingsTable(client: DynamoDBClient, table: string): Endings {
  return {
    async record(ending, now) {
      const Key = keyOf(ending);
      const expiresAt = Math.floor(now.getTime() / 1_000) + KEPT;
      const Item = {
        ...Key,
        ...marshall({ executionArn: ending.executionArn, at: ending.at ?? now.toISOString(), expiresAt }),
      };
      try {
        await client.send(
          new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(id)' }),
        );
        return [];
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const { Item: before } = await client.send(
          new GetItemCommand({ TableName: table, Key, ConsistentRead: true }),
        );
        return before?.['told'] ? [...unmarshall(before)['told']] : [];
      }
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

/** By the ARN: two state machines may have executions of one name. What is redriven may fail, or be stopped, again. */
function keyOf({ executionArn, outcome, at }: Ending) {
  return marshall({
    execution: executionName(executionArn),
    id: `${ENDING}${outcome}-${digest(at ? `${executionArn} ${at}` : executionArn)}`,
  });
}

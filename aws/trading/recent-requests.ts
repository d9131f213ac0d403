// Remembers who requested which trade when, so that a person who requests the same trade twice is noticed. Pre-Trade Check
// records each request. The records are items of the ledger's table, and expire.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { TradeTerms } from '../../domain/trading/trade-terms.ts';

export interface RecentRequests {
  /**
   * Records that this execution requests the trade. Returns when another execution last requested the same side, symbol and
   * quantity for the same person, ISO 8601. Idempotent for an execution.
   */
  record(terms: TradeTerms, executionArn: string, now: Date): Promise<string | undefined>;
}

const TTL_SECONDS = 24 * 60 * 60;

export function recentRequests(client: DynamoDBClient, table: string): RecentRequests {
  return {
    async record({ requester, side, symbol, quantity }, executionArn, now) {
      const update = new UpdateItemCommand({
        TableName: table,
        Key: marshall({ account: `recent ${requester} ${side} ${symbol} ${quantity}` }),
        UpdateExpression:
          'SET earlierAt = if_not_exists(lastAt, :none), lastAt = :now, lastExecution = :execution, expiresAt = :expires',
        ConditionExpression: 'attribute_not_exists(lastExecution) OR lastExecution <> :execution',
        ExpressionAttributeValues: marshall({
          ':none': NONE,
          ':now': now.toISOString(),
          ':execution': executionArn,
          ':expires': Math.floor(now.getTime() / 1_000) + TTL_SECONDS,
        }),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const item = await client.send(update).then(
        ({ Attributes }) => Attributes,
        (error: unknown) => {
          // This execution recorded its request before.
          if (error instanceof ConditionalCheckFailedException) return error.Item;
          throw error;
        },
      );
      const { earlierAt } = unmarshall(item ?? {});
      return earlierAt === NONE ? undefined : earlierAt;
    },
  };
}

const NONE = '';

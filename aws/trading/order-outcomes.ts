// The results of orders that were given up. An order that has one is never sent to the broker again. The reservations
// write and read them; each is an item of the ledger's table, and expires.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Result } from '../../domain/approval.ts';

export interface OrderOutcomes {
  /** Undefined if the order was not given up. */
  get(id: string): Promise<Result | undefined>;
  /** Returns the stored result: this one, or an earlier one, which is never replaced. */
  record(id: string, result: Result, now: Date): Promise<Result>;
}

/**
 * Much longer than an execution can run and be redriven. A redrive is possible for 14 days after its end:
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
const TTL_SECONDS = 180 * 24 * 60 * 60;

export function orderOutcomes(client: DynamoDBClient, table: string): OrderOutcomes {
  const keyOf = (id: string) => marshall({ account: `outcome ${id}` });
  return {
    async get(id) {
      const read = new GetItemCommand({ TableName: table, Key: keyOf(id), ConsistentRead: true });
      const { Item } = await client.send(read);
      return resultIn(Item);
    },

    async record(id, result, now) {
      const expiresAt = Math.floor(now.getTime() / 1_000) + TTL_SECONDS;
      const put = new PutItemCommand({
        TableName: table,
        Item: { ...keyOf(id), ...marshall({ result: JSON.stringify(result), expiresAt }) },
        ConditionExpression: 'attribute_not_exists(account)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(put);
        return result;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return resultIn(error.Item) ?? result;
      }
    },
  };
}

function resultIn(
  item: Readonly<Record<string, { readonly S?: string | undefined }>> | undefined,
): Result | undefined {
  const text = item?.['result']?.S;
  return text === undefined ? undefined : JSON.parse(text);
}

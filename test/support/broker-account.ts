// Makes trades impossible during a test: an account with nothing to trade, or a trading state that fails. Called by the
// stories of orders that cannot be placed and of failed executions.
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Cloud } from '../../local/cloud/index.ts';
import { operator, type TradingDesk } from './trading-desk.ts';

/** @param symbol of which the account holds no share meanwhile */
export async function withEmptyAccount(
  { url, outputs }: Cloud,
  symbol: string,
  doing: () => Promise<unknown>,
): Promise<void> {
  const dynamodb = new DynamoDBClient({ ...operator, endpoint: url });
  const TableName = outputs['LedgerTable'];
  const Key = { account: { S: 'paper' } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  const before = Item ?? {
    ...Key,
    cash: { N: '100000000' },
    positions: { M: {} },
    working: { M: {} },
    revision: { N: '0' },
  };
  const positions = { M: { ...before['positions']?.M, [symbol]: { N: '0' } } };
  await dynamodb.send(new PutItemCommand({ TableName, Item: { ...before, cash: { N: '0' }, positions } }));
  await doing();
  await dynamodb.send(new PutItemCommand({ TableName, Item: before }));
  dynamodb.destroy();
}

/**
 * Lets Buy Stock or Sell Stock fail: DynamoDB refuses every call from the decision on, until the state is not retried any
 * more. The failure is reported when this returns.
 */
export async function withFailingTrade(
  { cloud, entered }: Pick<TradingDesk, 'cloud' | 'entered'>,
  approve: () => Promise<unknown>,
): Promise<void> {
  const decided = entered('Buy or Sell?');
  const approving = approve();
  await decided;
  cloud.refuse('dynamodb', 'AccessDeniedException');
  await approving;
  // The state is retried for a quarter of an hour.
  await cloud.advance(20 * 60_000);
  cloud.stopFailing('dynamodb');
  await cloud.advance(3 * 60_000);
}

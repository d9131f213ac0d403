// Empties the account of the paper broker during a test, so that the broker rejects every order. Called by the stories
// of rejected orders.
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Cloud } from '../../local/cloud/index.ts';
import { operator } from './trading-desk.ts';

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
    fills: { M: {} },
    revision: { N: '0' },
  };
  const positions = { M: { ...before['positions']?.M, [symbol]: { N: '0' } } };
  await dynamodb.send(new PutItemCommand({ TableName, Item: { ...before, cash: { N: '0' }, positions } }));
  await doing();
  await dynamodb.send(new PutItemCommand({ TableName, Item: before }));
  dynamodb.destroy();
}

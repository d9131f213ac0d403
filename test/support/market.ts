// Tells the simulated market what happens to a symbol. Called by the stories of prices that move.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { MarketEvent } from '../../domain/trading/market.ts';
import type { Cloud } from '../../local/cloud/index.ts';
import { operator } from './trading-desk.ts';

export async function tellMarket(
  { url, outputs }: Cloud,
  symbol: string,
  event: Omit<MarketEvent, 'since'>,
): Promise<void> {
  const dynamodb = new DynamoDBClient({ ...operator, endpoint: url });
  const item = { account: `market ${symbol}`, since: new Date(0).toISOString(), ...event };
  await dynamodb.send(new PutItemCommand({ TableName: outputs['LedgerTable'], Item: marshall(item) }));
  dynamodb.destroy();
}

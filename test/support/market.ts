// Tells the simulated market what happens to a symbol. Called by the stories of prices that move.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { MarketEvent } from '../../domain/trading/market.ts';
import { tellMarket as tell } from '../../fault-injection/tell-market.ts';
import type { World } from '../../local/world.ts';

/** Adds an event that counts from now on. */
export async function tellMarket(
  world: Pick<World, 'cloud' | 'clock'>,
  symbol: string,
  event: Omit<MarketEvent, 'since'>,
): Promise<void> {
  // Any credentials act as an operator.
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };
  const dynamodb = new DynamoDBClient({ region: 'us-east-1', credentials, endpoint: world.cloud.url });
  await tell(dynamodb, world, symbol, event);
  dynamodb.destroy();
}

// Tells the simulated market what happens to a symbol from now on. The stories, the tests and `npm run cost` call it.
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { MarketEvent } from '../domain/trading/market.ts';
import type { World } from '../local/world.ts';

/** An event is added and never replaced, because earlier quotes explain earlier fills. */
export async function tellMarket(
  dynamodb: DynamoDBClient,
  { cloud, clock }: Pick<World, 'cloud' | 'clock'>,
  symbol: string,
  event: Omit<MarketEvent, 'since'>,
): Promise<void> {
  const since = new Date(clock.now()).toISOString();
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: cloud.outputs['LedgerTable'],
      Key: marshall({ account: `market ${symbol}` }),
      UpdateExpression: 'SET events = list_append(if_not_exists(events, :none), :event)',
      ExpressionAttributeValues: marshall({ ':none': [], ':event': [{ since, ...event }] }),
    }),
  );
}

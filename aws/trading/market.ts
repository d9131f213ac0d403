// The simulated market, with what a test or a demo told it: one item of the ledger's table for each symbol. The states of the
// trading workflow read quotes from it, and the paper broker fills orders at them.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type MarketEvent, type Quote, quote } from '../../domain/trading/market.ts';

export interface Market {
  /** Returns the quote at that time, or undefined if the market has no quote. */
  quote(symbol: string, at: Date): Promise<Quote | undefined>;
}

export function simulatedMarket(client: DynamoDBClient, table: string): Market {
  return {
    quote: async (symbol, at) => quote(symbol, at, await marketEvents(client, table, symbol)),
  };
}

/**
 * Everything that the market was told of a symbol. The item has the list `events`: `docs/guides/trading.md` shows how to add one.
 * An event can also be written as attributes of the item itself; it counts as the first.
 */
export async function marketEvents(
  client: DynamoDBClient,
  table: string,
  symbol: string,
): Promise<readonly MarketEvent[]> {
  const Key = marshall({ account: `market ${symbol}` });
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  const { events = [], ...single } = Item ? unmarshall(Item) : {};
  return [...('since' in single ? [single as MarketEvent] : []), ...(events as readonly MarketEvent[])];
}

// The simulated market, with what a test or a demo told it: one item of the ledger's table for each symbol. The states of the
// trading workflow read quotes from it.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type MarketEvent, type Quote, quote } from '../../domain/trading/market.ts';

export interface Market {
  /** Returns the quote at that time, or undefined if the market has no quote. */
  quote(symbol: string, at: Date): Promise<Quote | undefined>;
}

export function simulatedMarket(client: DynamoDBClient, table: string): Market {
  return {
    async quote(symbol, at) {
      const Key = marshall({ account: `market ${symbol}` });
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
      return quote(symbol, at, Item && (unmarshall(Item) as MarketEvent));
    },
  };
}

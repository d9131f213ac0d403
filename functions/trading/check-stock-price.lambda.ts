// The Lambda entry of the state Check Stock Price.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { simulatedMarket } from '../../aws/trading/market.ts';
import { checkStockPrice } from './check-stock-price.ts';

export const handler = checkStockPrice({
  symbols: tradingEnvironment('SYMBOLS').split(','),
  market: simulatedMarket(new DynamoDBClient(), tradingEnvironment('LEDGER_TABLE')),
  now: () => new Date(),
});

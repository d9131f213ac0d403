// The Lambda entry of the state Pre-Trade Check.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { ledger } from '../../aws/trading/ledger.ts';
import { simulatedMarket } from '../../aws/trading/market.ts';
import { recentRequests } from '../../aws/trading/recent-requests.ts';
import { preTradeCheck } from './pre-trade-check.ts';
import { tradeLimits } from './trade-limits.ts';

const client = new DynamoDBClient();
const table = tradingEnvironment('LEDGER_TABLE');

export const handler = preTradeCheck({
  market: simulatedMarket(client, table),
  ledger: ledger(client, table),
  recent: recentRequests(client, table),
  limits: tradeLimits(),
  now: () => new Date(),
});

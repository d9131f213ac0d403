// The Lambda entry of the state Pre-Trade Check.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { paperBroker } from '../../aws/trading/paper-broker.ts';
import { recentRequests } from '../../aws/trading/recent-requests.ts';
import { preTradeCheck } from './pre-trade-check.ts';
import { tradeLimits } from './trade-limits.ts';

const client = new DynamoDBClient();
const table = tradingEnvironment('LEDGER_TABLE');
const now = () => new Date();

export const handler = preTradeCheck({
  broker: paperBroker(client, table, now),
  recent: recentRequests(client, table),
  limits: tradeLimits(),
  now,
});

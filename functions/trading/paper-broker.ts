// Creates the dependencies of Buy Stock and Sell Stock from the environment variables. The entries of both call it.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { approvalsTable } from '../../aws/approvals-table.ts';
import { environment } from '../../aws/environment.ts';
import { log } from '../../aws/log.ts';
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { ledger } from '../../aws/trading/ledger.ts';
import { simulatedMarket } from '../../aws/trading/market.ts';
import type { PlaceOrderDependencies } from './place-order.ts';
import { tradeLimits } from './trade-limits.ts';

export function paperBroker(): PlaceOrderDependencies {
  const client = new DynamoDBClient();
  return {
    approvals: approvalsTable(client, environment('APPROVALS_TABLE')),
    ledger: ledger(client, tradingEnvironment('LEDGER_TABLE')),
    market: simulatedMarket(client, tradingEnvironment('LEDGER_TABLE')),
    limits: tradeLimits(),
    priceBandPercent: Number(tradingEnvironment('PRICE_BAND_PERCENT')),
    now: () => new Date(),
    log,
  };
}

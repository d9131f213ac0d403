// Creates the dependencies of the functions that work orders from the environment variables. Their entries call it.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { approvalsTable } from '../../aws/approvals-table.ts';
import { environment } from '../../aws/environment.ts';
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { paperBroker } from '../../aws/trading/paper-broker.ts';
import { reservations } from '../../aws/trading/reservations.ts';
import { ACCOUNT } from '../../domain/trading/trade-terms.ts';
import type { PlaceOrderDependencies } from './place-order.ts';
import { tradeLimits } from './trade-limits.ts';
import type { OrderStepDependencies } from './order-step.ts';

export function orderDependencies(): OrderStepDependencies {
  const client = new DynamoDBClient();
  const sns = new SNSClient();
  const table = tradingEnvironment('LEDGER_TABLE');
  const TopicArn = environment('RESULTS_TOPIC_ARN');
  const now = () => new Date();
  return {
    approvals: approvalsTable(client, environment('APPROVALS_TABLE')),
    broker: paperBroker(client, table, now),
    reservations: reservations(client, table, ACCOUNT),
    publish: async (message) => {
      await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }));
    },
    priceBandPercent: Number(tradingEnvironment('PRICE_BAND_PERCENT')),
    now,
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export function placeOrderDependencies(): PlaceOrderDependencies {
  return { ...orderDependencies(), limits: tradeLimits(), pause };
}

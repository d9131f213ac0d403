// The Lambda entry of the bot for the trading workflow. The stack passes it to `SlackApprovals`.
import {
  answer,
  createApp,
  dependencies,
  handler,
  isInChannel,
  pressedOn,
  startExecution,
} from 'countersign/bot';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { paperBroker } from '../../aws/trading/paper-broker.ts';
import { reservations } from '../../aws/trading/reservations.ts';
import { ACCOUNT } from '../../domain/trading/trade-terms.ts';
import { createTradingApp } from './trading-app.ts';

const symbols = tradingEnvironment('SYMBOLS').split(',');
const now = () => new Date();
const table = () => [new DynamoDBClient(), tradingEnvironment('LEDGER_TABLE')] as const;

createTradingApp({
  ...dependencies,
  createApp,
  startExecution,
  answer,
  pressedOn,
  isInChannel,
  // Created when first used, because most executions of the function handle presses.
  broker: () => paperBroker(...table(), now, symbols),
  reservations: () => reservations(...table(), ACCOUNT),
  now,
  command: { name: dependencies.command.name, execution: 'AMZN-3f9c', starts: true },
  channel: tradingEnvironment('CHANNEL'),
  stateMachineArn: tradingEnvironment('STATE_MACHINE_ARN'),
  rules: {
    symbols,
    defaultQuantity: Number(tradingEnvironment('DEFAULT_QUANTITY')),
  },
});

export { handler };

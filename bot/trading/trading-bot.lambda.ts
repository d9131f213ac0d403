// The Lambda entry of the bot for the trading workflow. The stack passes it to `SlackApprovals`.
import { answer, createApp, dependencies, handler, startExecution } from 'countersign/bot';
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { createTradingApp } from './trading-app.ts';

createTradingApp({
  ...dependencies,
  createApp,
  startExecution,
  answer,
  command: { name: dependencies.command.name, execution: 'AMZN-3f9c', starts: true },
  channel: tradingEnvironment('CHANNEL'),
  stateMachineArn: tradingEnvironment('STATE_MACHINE_ARN'),
  rules: {
    symbols: tradingEnvironment('SYMBOLS').split(','),
    defaultQuantity: Number(tradingEnvironment('DEFAULT_QUANTITY')),
  },
});

export { handler };

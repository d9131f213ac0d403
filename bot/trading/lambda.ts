// The bot's Lambda entry with the trading workflow: the stack gives it in the place of `bot/lambda.ts`.
import { deployed, handler } from '../deployed.ts';
import { environment } from '../../aws/environment.ts';
import type { TradingVariable } from '../../aws/trading/variables.ts';
import { createTradingApp } from './trading-app.ts';

createTradingApp({
  ...deployed,
  command: { name: deployed.command.name, execution: 'AMZN-3f9c', starts: true },
  channel: environment('CHANNEL'),
  stateMachineArn: environment<TradingVariable>('STATE_MACHINE_ARN'),
  rules: {
    symbols: environment<TradingVariable>('SYMBOLS').split(','),
    defaultQuantity: Number(environment<TradingVariable>('DEFAULT_QUANTITY')),
  },
});

export { handler };

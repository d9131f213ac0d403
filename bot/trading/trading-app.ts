// Creates the Slack app of the trading workflow: calls `createApp`, and adds `/trade` and its form.
// `trading-bot.lambda.ts` calls it.
import type { App } from '@slack/bolt';
import { type AppDependencies, createApp } from '../app.ts';
import { type TradeDependencies, tradeCommand } from './listeners/trade-command.ts';
import { tradeFormSubmission } from './listeners/trade-form.ts';
import { tradeResubmitted } from '../../slack/trading/views/resubmit-answer.ts';
import { tradeFormId } from '../../slack/trading/views/trade-form.ts';

export function createTradingApp(dependencies: AppDependencies & TradeDependencies): App {
  const otherCommands = tradeCommand(dependencies);
  const app = createApp({ ...dependencies, otherCommands, resubmittedAnswer: tradeResubmitted });
  app.view(tradeFormId, tradeFormSubmission(dependencies));
  return app;
}

// Creates the Slack app of the trading workflow: the app of approvals with `/trade` and its form.
// `trading-bot.lambda.ts` calls it.
import type { App } from '@slack/bolt';
import type { BotDependencies, PublicBot } from 'countersign/bot';
import { cancelOrderAction } from '../../domain/trading/cancel-order-action.ts';
import { cancelOrder } from './cancel-order.ts';
import { type CancelOrderButtonDependencies, cancelOrderButton } from './listeners/cancel-order-button.ts';
import { type TradeDependencies, tradeCommand } from './listeners/trade-command.ts';
import { tradeFormSubmission } from './listeners/trade-form.ts';
import { tradeResubmitted } from '../../slack/trading/views/resubmit-answer.ts';
import { tradeFormId } from '../../slack/trading/views/trade-form.ts';

type TradingAppDependencies = BotDependencies &
  TradeDependencies &
  CancelOrderButtonDependencies &
  Pick<PublicBot, 'createApp'>;

export function createTradingApp(dependencies: TradingAppDependencies): App {
  const { createApp, command, log } = dependencies;
  const otherCommands = tradeCommand(dependencies);
  const app = createApp({
    command,
    log,
    otherCommands,
    cancelApproved: (pressed, by) => cancelOrder(pressed, by, dependencies),
    resubmittedAnswer: tradeResubmitted,
  });
  app.action(cancelOrderAction, cancelOrderButton(dependencies));
  app.view(tradeFormId, tradeFormSubmission(dependencies));
  return app;
}

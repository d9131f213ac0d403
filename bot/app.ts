// The Slack app: every listener on adjacent lines, and the one place where an error ends. The Lambda entry makes it.
import { App, type Receiver } from '@slack/bolt';
import { errorFields, type Log } from '../aws/log.ts';
import { answerErrors } from './answer-errors.ts';
import { type DecisionDependencies, decisionButtons } from './listeners/decision-buttons.ts';
import { type TradeCommandDependencies, tradeCommand } from './listeners/trade-command.ts';
import { decisionActions } from './views/decision-button.ts';

export interface AppDependencies extends DecisionDependencies, TradeCommandDependencies {
  readonly receiver: Receiver;
  readonly botToken: () => Promise<string>;
  readonly slackApiUrl: string;
  readonly log: Log;
}

export function createApp(dependencies: AppDependencies): App {
  const { receiver, botToken, slackApiUrl, log } = dependencies;
  const app = new App({
    receiver,
    // Own `authorize`: with `token` Bolt would call auth.test before the first event of each environment.
    authorize: async () => ({ botToken: await botToken() }),
    clientOptions: { slackApiUrl, retryConfig: { retries: 0 } },
  });

  app.use(answerErrors(log));
  app.command('/trade', tradeCommand(dependencies));
  app.action(decisionActions.approved, decisionButtons('approved', dependencies));
  app.action(decisionActions.declined, decisionButtons('declined', dependencies));

  // Only what could not even be answered comes here; thrown on, it fails the invocation, and Slack shows its own error.
  app.error(async (error) => {
    log('request_unanswered', errorFields(error));
    throw error;
  });
  return app;
}

// Creates the Slack app, and registers the error handler and the listeners that approvals need. `bot.lambda.ts` calls
// it. A workflow's own app also calls it, and then registers further listeners.
import { App, type Receiver } from '@slack/bolt';
import { errorFields, type Log } from '../aws/log.ts';
import { answerErrors } from './answer-errors.ts';
import { type ResubmitDependencies, resubmitButton } from './listeners/resubmit-button.ts';
import { cancelSubmission } from './listeners/cancel-modal.ts';
import { declineButton } from './listeners/decline-button.ts';
import { declineSubmission } from './listeners/decline-modal.ts';
import { homeOpened } from './listeners/home-tab.ts';
import { settingsButton } from './listeners/settings-button.ts';
import { refuseDelegationButton } from './listeners/refuse-delegation-button.ts';
import { type SettingsDependencies, settingsSubmission } from './listeners/settings-modal.ts';
import { type CommandDependencies, slashCommand } from './listeners/slash-command.ts';
import { morePendingButton } from './listeners/pending-command.ts';
import { voteButton } from './listeners/vote-buttons.ts';
import { refuseOrganizations } from './refuse-organizations.ts';
import { slackFetch } from '../slack/slack-fetch.ts';
import { resubmitAction } from '../slack/views/resubmit-button.ts';
import { cancelModalId } from '../slack/views/cancel-modal.ts';
import { decisionActions, undoAction } from '../slack/views/decision-button.ts';
import { refuseDelegationAction } from '../slack/views/delegation.ts';
import { declineModalId } from '../slack/views/decline-modal.ts';
import { morePendingAction } from '../slack/views/approval-list.ts';
import { settingsAction, settingsModalId } from '../slack/views/settings-modal.ts';

/** A call to Slack fails after this time, so that the function can still answer the person. */
const SLACK_TIMEOUT_MS = 3_000;

export interface AppDependencies extends ResubmitDependencies, CommandDependencies, SettingsDependencies {
  readonly receiver: Receiver;
  readonly botToken: () => Promise<string>;
  readonly slackApiUrl: string;
  readonly log: Log;
}

export function createApp(dependencies: AppDependencies): App {
  const { receiver, botToken, slackApiUrl, log } = dependencies;
  const app = new App({
    receiver,
    // With `token` instead of `authorize`, Bolt would call auth.test before the first event of each execution
    // environment.
    authorize: async () => ({ botToken: await botToken() }),
    // Failed calls are not retried, because Slack expects an answer within three seconds.
    clientOptions: {
      slackApiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: SLACK_TIMEOUT_MS,
      fetch: slackFetch,
    },
    // The app stores no conversation state.
    convoStore: false,
  });

  app.use(answerErrors(log));
  app.use(refuseOrganizations);
  app.command(dependencies.command.name, slashCommand(dependencies));
  app.action(decisionActions.approved, voteButton('approve', dependencies));
  app.action(undoAction, voteButton('undo', dependencies));
  app.action(decisionActions.declined, declineButton(dependencies));
  app.view(declineModalId, declineSubmission(dependencies));
  app.event('app_home_opened', homeOpened(dependencies));
  app.action(settingsAction, settingsButton(dependencies));
  app.view(settingsModalId, settingsSubmission(dependencies));
  app.action(refuseDelegationAction, refuseDelegationButton(dependencies));
  app.view(cancelModalId, cancelSubmission(dependencies));
  app.action(morePendingAction, morePendingButton(dependencies));
  app.action(resubmitAction, resubmitButton(dependencies));

  // Runs if `answerErrors` could not answer the person. Throwing fails the invocation, and Slack shows its own error.
  app.error(async (error) => {
    log('request_unanswered', errorFields(error));
    throw error;
  });
  return app;
}

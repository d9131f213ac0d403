// The functions that the package exports as `countersign/bot`, for a bot with listeners of its own: it creates the app,
// starts executions, and answers people privately.
// `index.ts` exports it with the dependencies of the environment, and tests create it with others.
import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import { digest } from '../domain/digest.ts';
import type { Request } from '../domain/request.ts';
import type { Command } from '../slack/views/command.ts';
import { type AppDependencies, createApp } from './app.ts';
import type { CommandListener } from './listeners/listener.ts';
import { answer } from './private-answer.ts';
import { startExecution } from './start-execution.ts';

export interface BotDependencies {
  readonly command: Command;
  /**
   * Handles the slash command if it has no text, or if its first word is not `pending`, `status`, `cancel` or `audit`.
   * Default: shows the help.
   */
  readonly otherCommands?: CommandListener;
  /** Returns the private answer to a person who pressed Resubmit. */
  readonly resubmittedAnswer?: (resubmitted: { readonly request: Request }) => string;
  /** Writes an event to the log of the function as one line of JSON, without tokens. */
  readonly log: Log;
}

export interface Start {
  readonly stateMachineArn: string;
  /** The first part of the execution's name, of at most 63 characters: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
  readonly name: string;
  /**
   * Slack's id of what the person did: `command.trigger_id` of a command, `view.id` of a form. Slack may deliver it
   * twice; the same id starts one execution.
   */
  readonly trigger: string;
  /** The execution's input. `requestedBy` is added to it. */
  readonly input: object;
  /** Slack user id of the person who starts it. */
  readonly by: string;
}

export interface PublicBot {
  readonly dependencies: BotDependencies;
  /** Creates the Slack app with the listeners that approvals need. Register your own on it. */
  readonly createApp: (own: BotDependencies) => App;
  /**
   * Starts an execution for a person, and records that they are its requester. Returns the text for the person in
   * `refused` if they may not start it: a deactivated user, a guest, or too many starts in an hour.
   */
  readonly startExecution: (start: Start, slack: WebClient) => Promise<{ readonly refused?: string }>;
  /** Answers a person privately, through the response URL. Without one, or if Slack refuses it, sends a direct message. */
  readonly answer: (
    to: { readonly by: string; readonly responseUrl: string | undefined },
    text: string,
    slack: WebClient,
  ) => Promise<void>;
}

export function publicBot(dependencies: AppDependencies): PublicBot {
  return {
    dependencies,
    createApp: (own) => createApp({ ...dependencies, ...own }),
    startExecution: ({ name, trigger, ...start }, slack) =>
      startExecution({ ...start, name: `${name}-${digest(trigger)}` }, slack, dependencies),
    answer,
  };
}

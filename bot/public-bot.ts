// The functions that the package exports as `countersign/bot`, for a bot with listeners of its own: it creates the app,
// starts executions, finds the approval of a button, and answers people privately.
// `index.ts` exports it with the dependencies of the environment, and tests create it with others.
import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import { digest } from '../domain/digest.ts';
import type { Request } from '../domain/request.ts';
import { readApprovalValue } from '../slack/views/approval-value.ts';
import type { Command } from '../slack/views/command.ts';
import { type AppDependencies, createApp } from './app.ts';
import type { CommandListener } from './listeners/listener.ts';
import { type CancelledBy, type Pressed, pressedBy } from './pressed-by.ts';
import { answer } from './private-answer.ts';
import { startExecution } from './start-execution.ts';

export interface BotDependencies {
  readonly command: Command;
  /**
   * Handles the slash command if it has no text, or if its first word is not `pending`, `status`, `cancel` or `audit`.
   * Default: shows the help.
   */
  readonly otherCommands?: CommandListener;
  /**
   * Handles the slash command with `cancel` for an execution whose request was approved and that has no result yet. It must
   * answer within three seconds. Default: says that it is decided.
   */
  readonly cancelApproved?: (pressed: Pressed, by: CancelledBy) => Promise<void>;
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
  /**
   * Finds the approval of a button on progress, consistently. Returns undefined if there is none.
   * @param value of the button
   * @param by Slack user id of the person who pressed it
   */
  readonly pressedOn: (
    value: string | undefined,
    by: string,
    slack: WebClient,
  ) => Promise<Pressed | undefined>;
  /** Whether this person and the app are members of the channel. */
  readonly isInChannel: (channel: string, person: string, slack: WebClient) => Promise<boolean>;
  /** Answers a person privately, through the response URL. Without one, or if Slack refuses it, sends a direct message. */
  readonly answer: (
    to: { readonly by: string; readonly responseUrl: string | undefined },
    text: string,
    slack: WebClient,
  ) => Promise<void>;
}

export function publicBot(dependencies: AppDependencies): PublicBot {
  const { approvals, channelsOf } = dependencies;
  return {
    dependencies,
    createApp: (own) => createApp({ ...dependencies, ...own }),
    startExecution: ({ name, trigger, ...start }, slack) =>
      startExecution({ ...start, name: `${name}-${digest(trigger)}` }, slack, dependencies),
    pressedOn: async (value, by, slack) => {
      const key = readApprovalValue(value)?.key;
      const approval = key && (await approvals.get(key));
      return approval && pressedBy(by, approval, slack, dependencies);
    },
    isInChannel: async (channel, person, slack) => (await channelsOf(person, slack)).has(channel),
    answer,
  };
}

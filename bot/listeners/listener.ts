// The types of the listeners of button presses, slash commands and modal submissions.
import type {
  BlockAction,
  ButtonAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';

/** A press of a button, on a message or in Home. */
export type ButtonListener = Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>>;

export type CommandListener = Middleware<SlackCommandMiddlewareArgs>;

export type ModalListener = Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>>;

/** Undefined for a press in Home, although Bolt's type says that there is always a response URL. */
export function responseUrlOf(body: { readonly response_url?: string }): string | undefined {
  return body.response_url;
}

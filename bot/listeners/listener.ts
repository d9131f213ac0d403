// Types of listeners, one for each kind of payload: button press, slash command, modal submission. Listeners use them.
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

/** The submission of a modal. */
export type ModalListener = Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>>;

/** Undefined for a press in Home, although Bolt's type says that there is always a response URL. */
export function responseUrlOf(body: { readonly response_url?: string }): string | undefined {
  return body.response_url;
}

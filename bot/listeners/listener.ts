// The kinds of Bolt listeners that the app registers, by what Slack sends. Each listener's file has one of these types.
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

/** A press in Home has no response URL, although Bolt's type says so. */
export function responseUrlOf(body: { readonly response_url?: string }): string | undefined {
  return body.response_url;
}

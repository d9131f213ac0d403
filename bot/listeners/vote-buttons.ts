// A press of Approve counts at once, and so does one of Take back: they differ in the wish alone. The app registers both.
import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { Wish } from '../../domain/votes.ts';
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import { answer } from '../private-answer.ts';
import { readApprovalValue } from '../views/approval-value.ts';
import { notKnown } from '../views/decision-refused.ts';

/** A press of a button on a message. */
export type ButtonListener = Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>>;

export function voteButton(wish: Wish, dependencies: DecisionDependencies): ButtonListener {
  return async ({ action, body, ack, client }) => {
    const key = readApprovalValue(action.value);
    const asker = { by: body.user.id, responseUrl: responseUrlOf(body) };
    if (!key) {
      await ack();
      return answer(asker, notKnown, client);
    }
    const press = { key, wish, ...asker, messageTs: body.message?.['ts'] };
    const pressed = await decide(press, dependencies);
    await ack();
    return followUp(press, pressed, client, dependencies);
  };
}

/** What is pressed in Home has none, though Bolt's type says so. */
export function responseUrlOf(body: { readonly response_url?: string }): string | undefined {
  return body.response_url;
}

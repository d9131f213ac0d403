// A press of Approve counts at once, and so does one of Take back: they differ in the wish alone. The app registers both.
import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { Wish } from '../../domain/votes.ts';
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { readApprovalValue } from '../views/approval-value.ts';
import { refused } from '../views/decision-refused.ts';

/** A press of a button on a message. */
export type ButtonListener = Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>>;

export function voteButton(wish: Wish, dependencies: DecisionDependencies): ButtonListener {
  return async ({ action, body, ack, client }) => {
    const key = readApprovalValue(action.value);
    if (!key) {
      await ack();
      return answerPrivately(body.response_url, refused('unknown', wish, undefined));
    }
    const messageTs = body.message?.['ts'];
    const press = { key, wish, by: body.user.id, messageTs, responseUrl: body.response_url };
    const pressed = await decide(press, dependencies);
    await ack();
    return followUp(press, pressed, client, dependencies);
  };
}

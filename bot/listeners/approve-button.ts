// A press of Approve decides at once.
import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { readApprovalValue } from '../views/approval-value.ts';
import { decisionRefused } from '../views/decision-refused.ts';

/** A press of a button on a message. */
export type Press = Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>>;

export function approveButton(dependencies: DecisionDependencies): Press {
  return async ({ action, body, ack, client }) => {
    const key = readApprovalValue(action.value);
    if (!key) {
      await ack();
      return answerPrivately(body.response_url, decisionRefused('unknown', undefined));
    }
    const at = dependencies.now().toISOString();
    const decided = await decide(key, { outcome: 'approved', by: body.user.id, at }, dependencies);
    await ack();
    const pressed = { key, messageTs: body.message?.['ts'], responseUrl: body.response_url };
    return followUp(pressed, decided, client, dependencies);
  };
}

// A press of Approve counts at once, and so does one of Take back: they differ in the wish alone. The app registers both.
import type { VoteAction } from '../../domain/votes.ts';
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import { answer } from '../private-answer.ts';
import { readApprovalValue } from '../../slack/views/approval-value.ts';
import { notKnown } from '../../slack/views/decision-refused.ts';
import { type ButtonListener, responseUrlOf } from './listener.ts';

export function voteButton(voteAction: VoteAction, dependencies: DecisionDependencies): ButtonListener {
  return async ({ action, body, ack, client }) => {
    const key = readApprovalValue(action.value);
    const asker = { by: body.user.id, responseUrl: responseUrlOf(body) };
    if (!key) {
      await ack();
      return answer(asker, notKnown, client);
    }
    const press = { key, action: voteAction, ...asker, messageTs: body.message?.['ts'] };
    const pressed = await decide(press, dependencies);
    await ack();
    return followUp(press, pressed, client, dependencies);
  };
}

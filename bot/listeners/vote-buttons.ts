// A press of Approve or of the undo button: records or removes the vote, without a modal.
import { digest } from '../../domain/digest.ts';
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import { answer } from '../private-answer.ts';
import { readApprovalValue } from '../../slack/views/approval-value.ts';
import { unknownApproval } from '../../slack/views/decision-refused.ts';
import { type ButtonListener, responseUrlOf } from './listener.ts';

export function voteButton(
  voteAction: 'approve' | 'undo',
  dependencies: DecisionDependencies,
): ButtonListener {
  return async ({ action, body, ack, client }) => {
    const read = readApprovalValue(action.value);
    const person = { by: body.user.id, responseUrl: responseUrlOf(body) };
    if (!read) {
      await ack();
      return answer(person, unknownApproval, client);
    }
    const { key, termsDigest } = read;
    const request = {
      key,
      action: voteAction,
      ...person,
      request: { trigger: digest(body.trigger_id), actionTs: action.action_ts, termsDigest },
      messageTs: body.message?.['ts'],
    };
    const outcome = await decide(request, dependencies);
    await ack();
    return followUp(request, outcome, client, dependencies);
  };
}

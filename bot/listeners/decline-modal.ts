// The Decline modal is submitted: the decision, with its reason.
import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import { readDeclineModal } from '../views/decline-modal.ts';

/** The submission of a modal. */
export type Submission = Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>>;

export function declineSubmission(dependencies: DecisionDependencies): Submission {
  return async ({ view, body, ack, client }) => {
    const { reason, messageTs, responseUrl, ...key } = readDeclineModal(view);
    const press = { key, wish: 'decline', by: body.user.id, reason, messageTs, responseUrl } as const;
    const pressed = await decide(press, dependencies);
    await ack();
    return followUp(press, pressed, client, dependencies);
  };
}

// The Decline modal is submitted: the decision, with its reason.
import type { Middleware, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import { readDeclineModal } from '../views/decline-modal.ts';

/** The submission of a modal. */
export type Submission = Middleware<SlackViewMiddlewareArgs<ViewSubmitAction>>;

export function declineSubmission(dependencies: DecisionDependencies): Submission {
  return async ({ view, body, ack, client }) => {
    const { reason, messageTs, responseUrl, ...key } = readDeclineModal(view);
    const at = dependencies.now().toISOString();
    const decision = { outcome: 'declined', by: body.user.id, at, ...(reason ? { reason } : {}) } as const;
    const decided = await decide(key, decision, dependencies);
    await ack();
    return followUp({ key, messageTs, responseUrl }, decided, client, dependencies);
  };
}

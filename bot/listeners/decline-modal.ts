// The submission of the Decline modal: declines the request with the reason that the person typed.
import { digest } from '../../domain/digest.ts';
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import type { ModalListener } from './listener.ts';
import { readDeclineModal } from '../../slack/views/decline-modal.ts';

export function declineSubmission(dependencies: DecisionDependencies): ModalListener {
  return async ({ view, body, ack, client }) => {
    const { reason, messageTs, responseUrl, termsDigest, ...key } = readDeclineModal(view);
    const request = {
      key,
      action: 'decline',
      by: body.user.id,
      request: { trigger: digest(body.trigger_id), termsDigest },
      reason,
      messageTs,
      responseUrl,
    } as const;
    const outcome = await decide(request, dependencies);
    await ack();
    return followUp(request, outcome, client, dependencies);
  };
}

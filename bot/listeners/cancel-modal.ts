// The submission of the cancel modal: cancels the request and stops its execution.
import { digest } from '../../domain/digest.ts';
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import { readCancelModal } from '../../slack/views/cancel-modal.ts';
import type { ModalListener } from './listener.ts';

export function cancelSubmission(dependencies: DecisionDependencies): ModalListener {
  return async ({ view, body, ack, client }) => {
    const { reason, responseUrl, ...key } = readCancelModal(view);
    const request = {
      key,
      action: 'cancel',
      by: body.user.id,
      request: { trigger: digest(body.trigger_id) },
      reason,
      messageTs: undefined,
      responseUrl,
    } as const;
    const outcome = await decide(request, dependencies);
    await ack();
    return followUp(request, outcome, client, dependencies);
  };
}

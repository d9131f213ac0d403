// The modal of the command's `cancel` is submitted: nobody decides any more, and the execution is stopped.
import { decide, type DecisionDependencies, followUp } from '../decide.ts';
import { readCancelModal } from '../../slack/views/cancel-modal.ts';
import type { ModalListener } from './listener.ts';

export function cancelSubmission(dependencies: DecisionDependencies): ModalListener {
  return async ({ view, body, ack, client }) => {
    const { reason, responseUrl, ...key } = readCancelModal(view);
    const press = {
      key,
      action: 'cancel',
      by: body.user.id,
      reason,
      messageTs: undefined,
      responseUrl,
    } as const;
    const pressed = await decide(press, dependencies);
    await ack();
    return followUp(press, pressed, client, dependencies);
  };
}

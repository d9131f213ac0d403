// The modal that asks why an execution is to be stopped; closing it stops nothing. The command's `cancel` opens it, the
// listener of its submission reads it.
import type { ModalView } from '@slack/types';
import type { Approval, ApprovalKey } from '../../domain/approval.ts';
import { truncate, limits } from './limits.ts';
import { requestTitle } from './request-title.ts';
import { type SubmittedView, valueOf } from './submitted-view.ts';

export const cancelModalId = 'cancel_modal';

const reasonInput = { block: 'reason', action: 'reason' } as const;

/** What the modal carries from the command to the submission. */
interface Cancelling extends ApprovalKey {
  readonly responseUrl: string;
}

export function cancelModal({ execution, id, request }: Approval, responseUrl: string): ModalView {
  const cancelling: Cancelling = { execution, id, responseUrl };
  return {
    type: 'modal',
    callback_id: cancelModalId,
    private_metadata: JSON.stringify(cancelling),
    title: { type: 'plain_text', text: 'Cancel' },
    submit: { type: 'plain_text', text: 'Stop it' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: truncate(`Stop the execution of *${requestTitle(request)}*?`, limits.sectionText),
        },
      },
      {
        type: 'input',
        block_id: reasonInput.block,
        label: { type: 'plain_text', text: 'Reason' },
        hint: { type: 'plain_text', text: 'Everyone in the channel sees it.' },
        element: {
          type: 'plain_text_input',
          action_id: reasonInput.action,
          multiline: true,
          max_length: limits.reason,
        },
      },
    ],
  };
}

export function readCancelModal(view: SubmittedView): Cancelling & { readonly reason: string | undefined } {
  const cancelling: Cancelling = JSON.parse(view.private_metadata);
  return { ...cancelling, reason: valueOf(view, reasonInput)?.trim() || undefined };
}

/** What Step Functions keeps of it. */
export function stopCause({ cancellation }: Approval): string {
  return `Cancelled in Slack by ${cancellation?.by}: ${cancellation?.reason ?? 'no reason was given'}`;
}

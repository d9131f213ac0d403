// The modal that asks why an execution is cancelled. The command `cancel` opens the modal, and the listener of its
// submission reads the reason. Closing the modal cancels nothing.
import type { ModalView } from '@slack/types';
import type { Approval, ApprovalKey } from '../../domain/approval.ts';
import { truncate, limits } from './limits.ts';
import { requestTitle } from './request-title.ts';
import { type SubmittedView, valueOf } from './submitted-view.ts';

export const cancelModalId = 'cancel_modal';

const reasonInput = { block: 'reason', action: 'reason' } as const;

/** The data that the modal carries from the command to the submission. */
interface CancelModalState extends ApprovalKey {
  readonly responseUrl: string;
}

export function cancelModal({ execution, id, request }: Approval, responseUrl: string): ModalView {
  const state: CancelModalState = { execution, id, responseUrl };
  return {
    type: 'modal',
    callback_id: cancelModalId,
    private_metadata: JSON.stringify(state),
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

export function readCancelModal(
  view: SubmittedView,
): CancelModalState & { readonly reason: string | undefined } {
  const state: CancelModalState = JSON.parse(view.private_metadata);
  return { ...state, reason: valueOf(view, reasonInput)?.trim() || undefined };
}

/** The `cause` of the stopped execution in Step Functions. */
export function stopCause({ cancellation }: Approval): string {
  return `Cancelled in Slack by ${cancellation?.by}: ${cancellation?.reason ?? 'no reason was given'}`;
}

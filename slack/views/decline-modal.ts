// The modal that asks why one declines: the reason may stay empty, and closing it decides nothing. The listener of
// Decline opens it, the listener of its submission reads it.
import type { ModalView } from '@slack/types';
import type { Approval, ApprovalKey } from '../../domain/approval.ts';
import { truncate, limits } from './limits.ts';
import { requestTitle } from './request-title.ts';
import { type SubmittedView, valueOf } from './submitted-view.ts';

export const declineModalId = 'decline_modal';

const reasonInput = { block: 'reason', action: 'reason' } as const;

/** What the modal carries from the press to the submission. */
export interface Declining extends ApprovalKey {
  /** Where the person can be answered privately; absent where they pressed in Home. */
  readonly responseUrl?: string | undefined;
  /** `ts` of the message that was pressed on. */
  readonly messageTs?: string | undefined;
}

/** @param approval absent while it is being read: the modal must open within three seconds, and first of all */
export function declineModal(declining: Declining, approval?: Approval): ModalView {
  return {
    type: 'modal',
    callback_id: declineModalId,
    private_metadata: JSON.stringify(declining),
    title: { type: 'plain_text', text: 'Decline' },
    submit: { type: 'plain_text', text: 'Decline' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      ...(approval ? [proposed(approval)] : []),
      {
        type: 'input',
        block_id: reasonInput.block,
        optional: true,
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

/** What was submitted: Slack gives back the metadata as {@link declineModal} wrote it. */
export function readDeclineModal(view: SubmittedView): Declining & { readonly reason: string | undefined } {
  const declining: Declining = JSON.parse(view.private_metadata);
  return { ...declining, reason: valueOf(view, reasonInput)?.trim() || undefined };
}

function proposed({ request }: Approval) {
  return {
    type: 'section' as const,
    text: { type: 'mrkdwn' as const, text: truncate(`*${requestTitle(request)}*`, limits.sectionText) },
  };
}

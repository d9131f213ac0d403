// The modal that asks why a person declines. The listener of the Decline button opens the modal, and the listener of
// its submission reads the reason. The reason is optional, and closing the modal decides nothing.
import type { ModalView } from '@slack/types';
import type { Approval, ApprovalKey } from '../../domain/approval.ts';
import { decisionLabel } from './decision-button.ts';
import { truncate, limits } from './limits.ts';
import { requestTitle } from './request-title.ts';
import { type SubmittedView, valueOf } from './submitted-view.ts';

export const declineModalId = 'decline_modal';

const reasonInput = { block: 'reason', action: 'reason' } as const;

/** The data that the modal carries from the press to the submission. */
export interface DeclineModalState extends ApprovalKey {
  /** From the button. */
  readonly termsDigest?: string | undefined;
  /** Slack's URL for private answers. Absent for a press in Home. */
  readonly responseUrl?: string | undefined;
  /** `ts` of the message with the button. Absent for a press in Home. */
  readonly messageTs?: string | undefined;
}

/**
 * @param approval absent when the modal opens. Slack requires the modal within three seconds of the press, so the bot
 * opens the modal before it reads the approval.
 */
export function declineModal(state: DeclineModalState, approval?: Approval): ModalView {
  return {
    type: 'modal',
    callback_id: declineModalId,
    private_metadata: JSON.stringify(state),
    title: { type: 'plain_text', text: 'Decline' },
    submit: { type: 'plain_text', text: approval ? decisionLabel('declined', approval) : 'Decline' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      ...(approval ? [titleSection(approval)] : []),
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

export function readDeclineModal(
  view: SubmittedView,
): DeclineModalState & { readonly reason: string | undefined } {
  const state: DeclineModalState = JSON.parse(view.private_metadata);
  return { ...state, reason: valueOf(view, reasonInput)?.trim() || undefined };
}

function titleSection({ request }: Approval) {
  return {
    type: 'section' as const,
    text: { type: 'mrkdwn' as const, text: truncate(`*${requestTitle(request)}*`, limits.sectionText) },
  };
}

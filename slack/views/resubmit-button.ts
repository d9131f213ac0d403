// The button that resubmits a declined or expired request. The message shows the button, and the bot registers its
// listener by the action id.
import type { Button } from '@slack/types';
import type { ApprovalKey } from '../../domain/approval.ts';
import { approvalValue } from './approval-value.ts';

export const resubmitAction = 'resubmit';

export function resubmitButton(key: ApprovalKey): Button {
  return {
    type: 'button',
    action_id: resubmitAction,
    text: { type: 'plain_text', text: 'Ask again' },
    value: approvalValue(key),
  };
}

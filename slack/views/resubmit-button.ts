// The button that asks the same once more, on what was declined or expired. The message shows it, the listener of its
// press is registered by its id.
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

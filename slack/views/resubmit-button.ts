// The button that resubmits a request that was declined, expired or could not be carried out. The message shows the button, and the bot registers its
// listener by the action id.
import type { Button } from '@slack/types';
import type { Approval } from '../../domain/approval.ts';
import { approvalValue } from './approval-value.ts';
import { limits, truncatePlain } from './limits.ts';
import { cleanText } from './mrkdwn.ts';

export const resubmitAction = 'resubmit';

export function resubmitButton(approval: Approval): Button {
  const label =
    truncatePlain(cleanText(approval.result?.resubmit?.label ?? ''), limits.buttonLabel) || 'Resubmit';
  return {
    type: 'button',
    action_id: resubmitAction,
    text: { type: 'plain_text', text: label },
    value: approvalValue(approval),
  };
}

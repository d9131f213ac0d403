// The buttons on a pending approval, and their action ids. The message and Home show the buttons, and the bot registers
// listeners by the action ids.
import type { Button, ConfirmationDialog } from '@slack/types';
import type { Approval, Verdict } from '../../domain/approval.ts';
import { canBeDeclined, nobodyCanApprove } from '../../domain/votes.ts';
import { approvalValue, decisionValue } from './approval-value.ts';
import { truncate, limits } from './limits.ts';
import { plainRequestTitle } from './request-title.ts';

export const decisionActions = { approved: 'approve', declined: 'decline' } as const;

export const undoAction = 'undo_approval';

const styles = { approved: 'primary', declined: 'danger' } as const;

/** The label that the policy gives to the button of this decision. */
export function decisionLabel(outcome: Verdict, { policy }: Approval): string {
  const { approve = 'Approve', decline = 'Decline' } = policy.labels ?? {};
  return outcome === 'approved' ? approve : decline;
}

/** Returns no button for a decision that nobody can make. */
export function decisionButtons(approval: Approval): readonly Button[] {
  return [
    ...(nobodyCanApprove(approval) ? [] : [decisionButton('approved', approval)]),
    ...(canBeDeclined(approval) ? [decisionButton('declined', approval)] : []),
  ];
}

function decisionButton(outcome: Verdict, approval: Approval): Button {
  return {
    type: 'button',
    action_id: decisionActions[outcome],
    text: { type: 'plain_text', text: decisionLabel(outcome, approval) },
    style: styles[outcome],
    value: decisionValue(approval),
    ...(outcome === 'approved' && approval.confirm ? { confirm: confirmation(approval) } : {}),
  };
}

/** Everybody sees this button. It undoes the approval of the person who presses it. */
export function undoButton(approval: Approval): Button {
  return {
    type: 'button',
    action_id: undoAction,
    text: { type: 'plain_text', text: 'Take back my approval' },
    value: approvalValue(approval),
  };
}

/** Slack asks for confirmation, so that an accidental tap does not approve a large amount. */
function confirmation(approval: Approval): ConfirmationDialog {
  const { request } = approval;
  return {
    title: { type: 'plain_text', text: 'Approve this?' },
    text: { type: 'plain_text', text: truncate(plainRequestTitle(request), limits.confirmText) },
    confirm: { type: 'plain_text', text: decisionLabel('approved', approval) },
    deny: { type: 'plain_text', text: 'Not yet' },
    style: 'primary',
  };
}

// The buttons on what is pending: their action ids and their looks. The message shows them, the listeners of their
// presses are registered by their ids.
import type { Button, ConfirmationDialog } from '@slack/types';
import type { Approval, Verdict } from '../../domain/approval.ts';
import { approvalValue } from './approval-value.ts';
import { truncate, limits } from './limits.ts';
import { plainRequestTitle } from './request-title.ts';

export const decisionActions = { approved: 'approve', declined: 'decline' } as const;

export const undoAction = 'undo_approval';

const looks = {
  approved: { label: 'Approve', style: 'primary' },
  declined: { label: 'Decline', style: 'danger' },
} as const;

export function decisionButton(outcome: Verdict, approval: Approval): Button {
  const { label, style } = looks[outcome];
  return {
    type: 'button',
    action_id: decisionActions[outcome],
    text: { type: 'plain_text', text: label },
    style,
    value: approvalValue(approval),
    ...(outcome === 'approved' && approval.confirm ? { confirm: confirmation(approval) } : {}),
  };
}

/** Everybody sees it; it takes back what the one who presses gave. */
export function undoButton(approval: Approval): Button {
  return {
    type: 'button',
    action_id: undoAction,
    text: { type: 'plain_text', text: 'Take back my approval' },
    value: approvalValue(approval),
  };
}

/** Where much is at stake a thumb must not slip. */
function confirmation({ request }: Approval): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: 'Approve this?' },
    text: { type: 'plain_text', text: truncate(plainRequestTitle(request), limits.confirmText) },
    confirm: { type: 'plain_text', text: 'Approve' },
    deny: { type: 'plain_text', text: 'Not yet' },
    style: 'primary',
  };
}

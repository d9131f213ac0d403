// The buttons on a pending approval, and their action ids. The message and Home show the buttons, and the bot registers
// listeners by the action ids.
import type { Button, ConfirmationDialog } from '@slack/types';
import type { Approval, Verdict } from '../../domain/approval.ts';
import { canBeDeclined, nobodyCanApprove } from '../../domain/votes.ts';
import { approvalValue, decisionValue } from './approval-value.ts';
import { usd } from '../../domain/usd.ts';
import { limits, truncatePlain } from './limits.ts';
import { cleanText, utcTime } from './mrkdwn.ts';
import { amountFact } from './request-title.ts';

export const decisionActions = { approved: 'approve', declined: 'decline' } as const;

export const undoAction = 'undo_approval';

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
    text: { type: 'plain_text', text: buttonLabel(outcome, approval) },
    // One button of a message stands out, so that a tap in haste does not land on another that looks the same.
    ...(outcome === 'approved' ? { style: 'primary' } : {}),
    value: decisionValue(approval),
    ...(outcome === 'approved' && approval.confirm ? { confirm: confirmation(approval) } : {}),
  };
}

/** An amount that needs a confirmation is named on the button too: `Approve USD 62,256`. */
function buttonLabel(outcome: Verdict, approval: Approval): string {
  const label = decisionLabel(outcome, approval);
  const { amount } = approval.request;
  if (outcome === 'declined' || !approval.confirm || amount === undefined) return label;
  return truncatePlain(`${label} ${cleanText(usd(amount).replace(/\.00$/, ''))}`, limits.buttonLabel);
}

/** Everybody sees this button. It undoes the approval of the person who presses it. */
export function undoButton(approval: Approval): Button {
  return {
    type: 'button',
    action_id: undoAction,
    text: { type: 'plain_text', text: 'Undo my approval' },
    value: approvalValue(approval),
  };
}

/**
 * Slack asks for confirmation, so that an accidental tap does not approve a large amount. It shows the facts that fit, as
 * plain text with times in UTC.
 */
function confirmation(approval: Approval): ConfirmationDialog {
  const { request, policy, votes } = approval;
  const facts = [...amountFact(request), ...request.facts].map(
    ({ label, value, at }) => `${label}: ${value}${at ? ` (${at.slice(0, 10)} ${utcTime(at)})` : ''}`,
  );
  const soFar =
    policy.approvals === 1 ? '' : ` ${Object.keys(votes).length} of ${policy.approvals} approvals so far.`;
  const room = limits.confirmText - soFar.length - 1;
  const terms = facts
    .map(cleanText)
    .reduce(
      (all, fact) => (all.length + fact.length + 3 > room ? all : `${all} · ${fact}`),
      truncatePlain(cleanText(request.title), room),
    );
  return {
    title: { type: 'plain_text', text: 'Approve this?' },
    text: { type: 'plain_text', text: `${terms}.${soFar}` },
    confirm: {
      type: 'plain_text',
      text: truncatePlain(decisionLabel('approved', approval), limits.confirmLabel),
    },
    deny: { type: 'plain_text', text: 'Go back' },
    style: 'primary',
  };
}

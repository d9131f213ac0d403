// The two buttons that decide: their action ids and what their value carries. The message shows them, the listener of
// a press reads them; the task token is never among it.
import type { Button } from '@slack/types';
import type { ApprovalKey, Verdict } from '../../domain/approval.ts';

export const decisionActions = { approved: 'approve', declined: 'decline' } as const;

const looks = {
  approved: { label: 'Approve', style: 'primary' },
  declined: { label: 'Decline', style: 'danger' },
} as const;

export function decisionButton(outcome: Verdict, { execution, id }: ApprovalKey): Button {
  const { label, style } = looks[outcome];
  return {
    type: 'button',
    action_id: decisionActions[outcome],
    text: { type: 'plain_text', text: label },
    style,
    // Far below the 2,000 characters a value may have: a name has 80 at most, an id 25.
    value: JSON.stringify({ execution, id }),
  };
}

/** Reads a pressed button's value. Undefined: it is none of ours. */
export function readDecisionButton(value: string | undefined): ApprovalKey | undefined {
  try {
    const { execution, id } = JSON.parse(value ?? '');
    return typeof execution === 'string' && typeof id === 'string' ? { execution, id } : undefined;
  } catch {
    return undefined;
  }
}

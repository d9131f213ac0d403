// Creates a complete approval for the gallery and for tests, with the members that they change. A decision to approve
// includes its vote.
import type { Command } from '../../slack/views/command.ts';
import type { Approval } from '../../domain/approval.ts';

/** The slash command of the trading workflow. */
export const command: Command = { name: '/trade', execution: 'AMZN-3f9c', starts: true };

export function approval(differences: Partial<Approval> = {}): Approval {
  const { decision } = differences;
  const votes = decision?.outcome === 'approved' ? { [decision.by]: { at: decision.at } } : {};
  return {
    execution: 'AMZN-3f9c',
    id: 'approval-00c0ffee00c0ffee',
    status: 'pending',
    request: {
      title: 'Buy 10 AMZN',
      amount: 1_822,
      facts: [{ label: 'Price', value: 'USD 182.20', at: '2026-11-02T10:00:00.000Z' }],
      reason: "The price is 1.40 % below the last hour's average.",
      requester: 'U0ANA',
    },
    requester: 'U0ANA',
    requesters: ['U0ANA'],
    noteBy: 'U0ANA',
    policy: { approvals: 1, approvers: ['U0BEN', 'U0CHLOE'] },
    effectiveApprovers: ['U0BEN', 'U0CHLOE'],
    approversResolvedAt: '2026-11-02T10:00:01.000Z',
    delegateFor: {},
    away: [],
    votes,
    outstanding: 1 - Object.keys(votes).length,
    pressedAt: {},
    history: [],
    confirm: false,
    escalationSchedule: {
      reminder: '2026-11-02T10:07:31.000Z',
      escalation: '2026-11-02T10:11:16.000Z',
      escalateTo: ['U0DANA'],
    },
    escalationSteps: {},
    executionArn: 'arn:aws:states:us-east-1:000000000000:execution:trading:AMZN-3f9c',
    attempt: 0,
    channel: 'C0TRADING',
    askedAt: '2026-11-02T10:00:01.000Z',
    deadline: '2026-11-02T10:15:01.000Z',
    revision: 1,
    ...differences,
  };
}

/** An approval that needs two of three approvers. */
export function approvalOfTwo(differences: Partial<Approval> = {}): Approval {
  return approval({
    policy: { approvals: 2, approvers: ['S0RISK'] },
    effectiveApprovers: ['U0BEN', 'U0CHLOE', 'U0DANA'],
    outstanding: 2,
    ...differences,
  });
}

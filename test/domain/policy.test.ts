// Tests the approval policy, as a table of cases.
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { limitOf, type Policy, policyFor, type Rules } from '../../domain/policy.ts';
import {
  isApproved,
  mayStillApprove,
  nobodyCanApprove,
  type Refusal,
  refusalOf,
  type VoteAction,
} from '../../domain/votes.ts';
import { approval, approvalOfTwo } from '../support/approvals.ts';

const rules: Rules = {
  approvers: ['U0BEN', 'U0CHLOE'],
  tiers: [
    { upToUsd: 1_000, approvals: 1 },
    { upToUsd: 50_000, approvals: 2, approvers: ['S0RISK'] },
  ],
};
const few: Policy = { approvals: 1, approvers: ['U0BEN', 'U0CHLOE'] };
const many: Policy = { approvals: 2, approvers: ['S0RISK'] };

describe('policy', () => {
  it.each<[number | undefined, Policy | undefined]>([
    [0, few],
    [1_000, few],
    [1_000.01, many],
    [50_000, many],
    [50_000.01, undefined],
    [undefined, many],
  ])('for an amount of %s requires %o', (amount, policy) => {
    expect(policyFor(amount, rules)).toEqual(policy);
  });

  it('returns the largest amount that can be approved', () => {
    expect(limitOf(rules)).toBe(50_000);
  });

  const now = new Date('2026-11-02T10:05:00.000Z');
  const votes = { U0BEN: { at: '2026-11-02T10:04:00.000Z' } };
  const decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:04:00.000Z' } as const;
  const asApprover = approval({ effectiveApprovers: ['U0ANA', 'U0BEN'] });

  it.each<[Approval | undefined, VoteAction, string, Refusal | undefined]>([
    [undefined, 'approve', 'U0BEN', 'unknown'],
    [approval(), 'approve', 'U0BEN', undefined],
    [approval({ status: 'approved', decision }), 'approve', 'U0CHLOE', 'decided'],
    [approval({ status: 'expired', decision }), 'decline', 'U0CHLOE', 'decided'],
    [approval({ status: 'expired' }), 'approve', 'U0BEN', 'closed'],
    [approval({ status: 'cancelled' }), 'undo', 'U0BEN', 'closed'],
    [approval({ deadline: '2026-11-02T10:05:05.000Z' }), 'approve', 'U0BEN', 'past_deadline'],
    [approval({ deadline: '2026-11-02T10:05:05.001Z' }), 'approve', 'U0BEN', undefined],
    [asApprover, 'approve', 'U0ANA', 'own_request'],
    [approval(), 'approve', 'U0ANA', 'own_request'],
    [approval(), 'decline', 'U0ANA', undefined],
    [approval(), 'approve', 'U0EVE', 'not_an_approver'],
    [approval(), 'decline', 'U0EVE', 'not_an_approver'],
    [approvalOfTwo({ votes, outstanding: 1 }), 'approve', 'U0BEN', 'already_voted'],
    [approvalOfTwo({ votes, outstanding: 1 }), 'approve', 'U0DANA', undefined],
    [approvalOfTwo({ votes, outstanding: 1 }), 'undo', 'U0BEN', undefined],
    [approvalOfTwo({ votes, outstanding: 1 }), 'undo', 'U0DANA', 'no_vote'],
    [approval({ approversResolvedAt: '2026-11-02T09:50:00.000Z' }), 'approve', 'U0BEN', 'stale_membership'],
    [approval({ approversResolvedAt: '2026-11-02T09:50:00.000Z' }), 'decline', 'U0BEN', undefined],
    [approval({ approversResolvedAt: '2026-11-02T09:50:00.001Z' }), 'approve', 'U0BEN', undefined],
  ])('case %#: for %o the action %s by %s gets the refusal %s', (given, action, by, refusal) => {
    expect(refusalOf(given, action, by, now)).toBe(refusal);
  });

  it('returns who may still approve, and whether too few approvers are left', () => {
    const half = approvalOfTwo({ votes, outstanding: 1 });
    expect(mayStillApprove(half)).toEqual(['U0CHLOE', 'U0DANA']);
    expect(nobodyCanApprove(half)).toBe(false);
    expect(nobodyCanApprove({ ...half, effectiveApprovers: ['U0BEN'] })).toBe(true);
    expect(nobodyCanApprove(approval({ effectiveApprovers: [] }))).toBe(true);
    expect(nobodyCanApprove(approval({ effectiveApprovers: ['U0ANA'] }))).toBe(true);
  });

  const both = { ...votes, U0DANA: { at: '2026-11-02T10:04:30.000Z' } };

  it.each<[string, Approval, boolean]>([
    ['approved by one of one', approval({ status: 'approved', decision }), true],
    ['pending', approval({ votes }), false],
    ['approved by two of two', approvalOfTwo({ status: 'approved', decision, votes: both }), true],
    ['approved by one of two', approvalOfTwo({ status: 'approved', decision, votes }), false],
    ['overtaken by the end of the execution', approval({ status: 'cancelled', decision }), false],
    ['approved by nobody', approval({ status: 'approved', decision, votes: {} }), false],
    [
      'approved by the requester',
      approval({
        status: 'approved',
        decision,
        votes: { U0ANA: votes.U0BEN },
        effectiveApprovers: ['U0ANA'],
      }),
      false,
    ],
    [
      'approved by a person who is not an approver',
      approval({ status: 'approved', decision, votes: { U0EVE: votes.U0BEN } }),
      false,
    ],
  ])('confirms before an order: %s', (_, given, approved) => {
    expect(isApproved(given)).toBe(approved);
  });
});

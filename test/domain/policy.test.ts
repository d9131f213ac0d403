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
  type Wish,
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
  const asApprover = approval({ members: ['U0ANA', 'U0BEN'] });

  it.each<[Approval | undefined, Wish, string, Refusal | undefined]>([
    [undefined, 'approve', 'U0BEN', 'unknown'],
    [approval(), 'approve', 'U0BEN', undefined],
    [approval({ status: 'approved', decision }), 'approve', 'U0CHLOE', 'decided'],
    [approval({ status: 'expired', decision }), 'decline', 'U0CHLOE', 'decided'],
    [approval({ status: 'expired' }), 'approve', 'U0BEN', 'over'],
    [approval({ status: 'cancelled' }), 'take back', 'U0BEN', 'over'],
    [approval({ deadline: '2026-11-02T10:05:05.000Z' }), 'approve', 'U0BEN', 'late'],
    [approval({ deadline: '2026-11-02T10:05:05.001Z' }), 'approve', 'U0BEN', undefined],
    [asApprover, 'approve', 'U0ANA', 'own'],
    [approval(), 'approve', 'U0ANA', 'own'],
    [approval(), 'decline', 'U0ANA', undefined],
    [approval(), 'approve', 'U0EVE', 'stranger'],
    [approval(), 'decline', 'U0EVE', 'stranger'],
    [approvalOfTwo({ votes, outstanding: 1 }), 'approve', 'U0BEN', 'counted'],
    [approvalOfTwo({ votes, outstanding: 1 }), 'approve', 'U0DANA', undefined],
    [approvalOfTwo({ votes, outstanding: 1 }), 'take back', 'U0BEN', undefined],
    [approvalOfTwo({ votes, outstanding: 1 }), 'take back', 'U0DANA', 'not counted'],
    [approval({ membersAt: '2026-11-02T09:50:00.000Z' }), 'approve', 'U0BEN', 'stale'],
    [approval({ membersAt: '2026-11-02T09:50:00.000Z' }), 'decline', 'U0BEN', undefined],
    [approval({ membersAt: '2026-11-02T09:50:00.001Z' }), 'approve', 'U0BEN', undefined],
  ])('case %#: for %o the action %s by %s gets the refusal %s', (given, wish, by, refusal) => {
    expect(refusalOf(given, wish, by, now)).toBe(refusal);
  });

  it('returns who may still approve, and whether too few approvers are left', () => {
    const half = approvalOfTwo({ votes, outstanding: 1 });
    expect(mayStillApprove(half)).toEqual(['U0CHLOE', 'U0DANA']);
    expect(nobodyCanApprove(half)).toBe(false);
    expect(nobodyCanApprove({ ...half, members: ['U0BEN'] })).toBe(true);
    expect(nobodyCanApprove(approval({ members: [] }))).toBe(true);
    expect(nobodyCanApprove(approval({ members: ['U0ANA'] }))).toBe(true);
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
      approval({ status: 'approved', decision, votes: { U0ANA: votes.U0BEN }, members: ['U0ANA'] }),
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

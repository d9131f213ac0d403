// Tests the approval policy, as a table of cases.
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import {
  limitOf,
  type Policy,
  requirementOf,
  type Rules,
  type StartedOutsideSlack,
  startedOutsideSlack,
} from '../../domain/policy.ts';
import {
  type ActionRequest,
  isApproved,
  isOutdated,
  mayStillApprove,
  canBeDeclined,
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
    { upToUsd: 10_000, approvals: 1, approvers: ['U0DANA'] },
    { upToUsd: 50_000, approvals: 2, approvers: ['S0RISK'] },
  ],
};
const few: Policy = { approvals: 1, approvers: ['U0BEN', 'U0CHLOE'] };
const many: Policy = { approvals: 2, approvers: ['S0RISK'] };

describe('policy', () => {
  it.each<[number | undefined, Policy | undefined]>([
    [0, few],
    [1_000, few],
    [1_000.01, { approvals: 1, approvers: ['U0DANA'] }],
    [10_000.01, many],
    [50_000, many],
    [50_000.01, undefined],
    [undefined, many],
  ])('for an amount of %s requires %o', (amount, policy) => {
    expect(requirementOf(amount, rules, 'as-usual')).toEqual(policy);
  });

  it.each<[StartedOutsideSlack, number, Policy | undefined]>([
    ['as-usual', 10, few],
    ['one-more-approval', 10, { ...few, approvals: 2 }],
    ['one-more-approval', 20_000, { ...many, approvals: 3 }],
    ['last-tier', 10, many],
    ['last-tier', 20_000, many],
    ['as-usual', 60_000, undefined],
    ['one-more-approval', 60_000, undefined],
    ['last-tier', 60_000, undefined],
  ])('for a request from outside Slack (%s) of %s requires %o', (outside, amount, policy) => {
    expect(requirementOf(amount, rules, outside)).toEqual(policy);
    expect(startedOutsideSlack(outside)).toBe(outside);
  });

  it('accepts no other rule for requests from outside Slack', () => {
    expect(() => startedOutsideSlack('never')).toThrow(
      new RangeError('never is none of as-usual, one-more-approval, last-tier.'),
    );
  });

  it('returns the largest amount that can be approved, and 0 without tiers', () => {
    expect(limitOf(rules)).toBe(50_000);
    expect(limitOf({ ...rules, tiers: [] })).toBe(0);
    expect(requirementOf(1, { ...rules, tiers: [] }, 'as-usual')).toBeUndefined();
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
    [approval(), 'cancel', 'U0EVE', 'not_an_approver'],
    [approval(), 'cancel', 'U0ANA', undefined],
    [approval(), 'cancel', 'U0BEN', undefined],
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

  const pressed = approval({ triggers: new Set(['one']), pressedAt: { U0BEN: '2.000001' } });

  it.each<[string, ActionRequest, Refusal | undefined]>([
    ['U0BEN', { trigger: 'one', actionTs: '2.000002' }, 'replayed'],
    ['U0BEN', { trigger: 'two', actionTs: '2.000001' }, 'replayed'],
    ['U0BEN', { trigger: 'two', actionTs: '1.999999' }, 'replayed'],
    ['U0BEN', { trigger: 'two', actionTs: '2.000002' }, undefined],
    ['U0BEN', { trigger: 'two' }, undefined],
    ['U0CHLOE', { trigger: 'two', actionTs: '1.000000' }, undefined],
    ['U0CHLOE', { trigger: 'one' }, 'replayed'],
  ])('for the request of %s with %o returns the refusal %s', (by, request, refusal) => {
    expect(refusalOf(pressed, 'approve', by, now, request)).toBe(refusal);
    expect(refusalOf(approval(), 'approve', by, now, request)).toBeUndefined();
  });

  it.each<[string, Partial<Approval>, string, boolean]>([
    ['in the last millisecond', { decision }, '2026-11-02T10:19:00.000Z', false],
    ['a millisecond later', { decision }, '2026-11-02T10:19:00.001Z', true],
    ['without a decision', {}, '2026-11-02T10:05:00.000Z', true],
  ])(
    'calls an approval outdated after the time that people had to decide: %s',
    (_, differences, at, outdated) => {
      expect(isOutdated(approval(differences), new Date(at))).toBe(outdated);
    },
  );

  it('returns who may still approve, and whether too few approvers are left', () => {
    const half = approvalOfTwo({ votes, outstanding: 1 });
    expect(mayStillApprove(half)).toEqual(['U0CHLOE', 'U0DANA']);
    expect(nobodyCanApprove(half)).toBe(false);
    expect(nobodyCanApprove({ ...half, effectiveApprovers: ['U0BEN', 'U0DANA'] })).toBe(false);
    expect(nobodyCanApprove({ ...half, effectiveApprovers: ['U0BEN'] })).toBe(true);
    expect(nobodyCanApprove(approval({ effectiveApprovers: [] }))).toBe(true);
    expect(nobodyCanApprove(approval({ effectiveApprovers: ['U0ANA'] }))).toBe(true);
    expect(canBeDeclined(approval({ requester: undefined }))).toBe(true);
    expect(canBeDeclined(approval({ effectiveApprovers: [] }))).toBe(true);
    expect(canBeDeclined(approval({ effectiveApprovers: [], requester: undefined }))).toBe(false);
  });

  const both = { ...votes, U0DANA: { at: '2026-11-02T10:04:30.000Z' } };

  it.each<[string, Approval, boolean]>([
    ['approved by one of one', approval({ status: 'approved', decision }), true],
    ['pending', approval({ votes }), false],
    ['approved by two of two', approvalOfTwo({ status: 'approved', decision, votes: both }), true],
    ['approved by one of two', approvalOfTwo({ status: 'approved', decision, votes }), false],
    ['overtaken by the end of the execution', approval({ status: 'cancelled', decision }), false],
    ['approved by nobody', approval({ status: 'approved', decision, votes: {} }), false],
    ['approved without a recorded decision', approval({ status: 'approved', votes }), false],
    [
      'approved, although it was declined',
      approval({ status: 'approved', decision: { ...decision, outcome: 'declined' }, votes }),
      false,
    ],
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

// Tests the rules of amendments: when a pending request may change, and which policy it has then.
import { describe, expect, it } from 'vitest';
import {
  amend,
  type AmendmentRefusal,
  amendmentRefusal,
  shownAt,
  unnotifiedAmendments,
} from '../../domain/amendment.ts';
import type { Approval } from '../../domain/approval.ts';
import type { StoredRules } from '../../domain/policy.ts';
import { amendment, change, TERMS } from '../support/amendments.ts';
import { approval } from '../support/approvals.ts';

const AT = '2026-11-02T10:05:00.000Z';
const NOW = new Date(AT);
const { first, second } = TERMS;
const rules: StoredRules = {
  approvers: ['U0BEN', 'U0CHLOE'],
  tiers: [
    { upToUsd: 10_000, approvals: 1 },
    { upToUsd: 20_000, approvals: 1, approvers: ['U0DANA'] },
    { upToUsd: 250_000, approvals: 2, approvers: ['S0RISK'] },
    { upToUsd: 500_000, approvals: 3, approvers: ['S0RISK'] },
  ],
  startedOutsideSlack: 'as-usual',
  confirmFromUsd: 100_000,
};
const policy = { approvals: 1, approvers: ['U0BEN', 'U0CHLOE'], rules };
const asked = (differences: Partial<Approval> = {}) => approval({ terms: first, policy, ...differences });
const refusalOf = (made: Approval, ...amounts: number[]) =>
  amendmentRefusal(made, first.digest, change(made, ...amounts), NOW);
const decision = { outcome: 'approved', by: 'U0BEN', at: AT } as const;

describe('amendmentRefusal', () => {
  it.each<[string, Partial<Approval>, AmendmentRefusal | undefined]>([
    ['pending, and has the expected terms', {}, undefined],
    ['decided', { status: 'approved', decision }, 'decided'],
    ['cancelled', { status: 'cancelled' }, 'closed'],
    ['five seconds before its deadline', { deadline: '2026-11-02T10:05:05.000Z' }, 'past_deadline'],
    ['more than five seconds before its deadline', { deadline: '2026-11-02T10:05:05.001Z' }, undefined],
    ['of other terms', { terms: TERMS.third }, 'terms_changed'],
    ['of no terms', { terms: undefined }, 'terms_changed'],
    ['of the new terms', { terms: second }, 'already'],
    ['of the new terms and decided', { terms: second, status: 'approved', decision }, 'already'],
    ['changed nine times', { amendments: Array(9).fill(amendment()) }, undefined],
    ['changed ten times', { amendments: Array(10).fill(amendment()) }, 'too_many'],
  ])('of a request that is %s', (_, differences, refusal) => {
    expect(refusalOf(asked(differences))).toBe(refusal);
  });

  it('refuses to return to earlier terms, because the amendment may be an old one', () => {
    const { request } = approval();
    const before = { request, policy, termsDigest: second.digest };
    expect(refusalOf(asked({ amendments: [amendment({ before })] }))).toBe('terms_changed');
  });

  it('refuses an unknown approval', () => {
    expect(amendmentRefusal(undefined, first.digest, change(asked()), NOW)).toBe('unknown');
  });
});

const large = {
  request: { ...approval().request, amount: 200_000 },
  policy: { approvals: 2, approvers: ['S0RISK'], rules },
};
const old = { policy: { approvals: 1, approvers: ['U0BEN'] } };
const unpriced = { request: { ...approval().request, amount: undefined } };

describe('the policy of an amended request', () => {
  const policyAfter = (made: Approval, amount?: number) => {
    const amended = { ...change(made), request: { ...made.request, amount } };
    if (amendmentRefusal(made, first.digest, amended, NOW)) return 'refused';
    const { approvals, approvers } = amend(made, amended, AT).policy;
    return [approvals, ...approvers];
  };
  const usual = [1, 'U0BEN', 'U0CHLOE'];

  it.each<[string, Partial<Approval>, number | undefined, unknown]>([
    ['the same tier', {}, 9_000, usual],
    ['a tier with more approvals, and its approvers', {}, 200_000, [2, 'S0RISK']],
    ['a tier with other approvers and no more approvals', {}, 15_000, 'refused'],
    ['an amount above every tier', {}, 500_001, 'refused'],
    ['a smaller tier: as before', large, 5_000, [2, 'S0RISK']],
    ['a smaller tier with other approvers: as before', large, 15_000, [2, 'S0RISK']],
    ['a larger tier of the same approvers', large, 400_000, [3, 'S0RISK']],
    ['no amount any more: the last tier', {}, undefined, [3, 'S0RISK']],
    ['without rules, a smaller amount', old, 1_000, [1, 'U0BEN']],
    ['without rules, the same amount', old, 1_822, [1, 'U0BEN']],
    ['without rules, a larger amount', old, 1_822.01, 'refused'],
    ['without rules, no amount any more', old, undefined, 'refused'],
    ['without rules and without an amount, an amount', { ...old, ...unpriced }, 1, 'refused'],
    ['without rules and without amounts', { ...old, ...unpriced }, undefined, [1, 'U0BEN']],
  ])('%s', (_, differences, amount, expected) => {
    expect(policyAfter(asked(differences), amount)).toEqual(expected);
  });

  it('is as strict as before in the first tier after a larger one', () => {
    const back = asked({ ...large, request: approval().request });
    expect(policyAfter(back, 9_000)).toEqual([2, 'S0RISK']);
    expect(policyAfter(back, 200_000)).toEqual([2, 'S0RISK']);
  });

  it('keeps what was added because the execution was started outside Slack', () => {
    const outside = {
      ...policy,
      approvals: 2,
      rules: { ...rules, startedOutsideSlack: 'one-more-approval' as const },
    };
    expect(policyAfter(asked({ policy: outside }), 200_000)).toEqual([3, 'S0RISK']);
  });
});

describe('amend', () => {
  const voted = asked({ votes: { U0BEN: { at: AT } }, outstanding: 1 });

  it('removes the votes, and remembers the voters, the earlier request and who changed it', () => {
    const after = amend(voted, { ...change(voted), by: 'U0CHLOE' }, AT);
    expect(after).toMatchObject({
      terms: second,
      votes: {},
      outstanding: 1,
      revision: 2,
      request: { title: 'Buy 9 AMZN' },
      history: [{ action: 'amended', by: 'U0CHLOE', at: AT }],
      amendments: [
        {
          at: AT,
          by: 'U0CHLOE',
          voters: ['U0BEN'],
          before: { termsDigest: first.digest, policy: { approvals: 1 } },
        },
      ],
    });
    expect(unnotifiedAmendments(after)).toHaveLength(1);
    expect(unnotifiedAmendments({ ...after, amendmentsNotified: 1 })).toEqual([]);
    expect(unnotifiedAmendments({ ...after, status: 'approved' })).toEqual([]);
    expect(shownAt(after, '2026-11-02T10:04:59.999Z').request).toEqual(voted.request);
    expect(shownAt(after, AT).request.title).toBe('Buy 9 AMZN');
  });

  it('stops votes only until other approvers are resolved', () => {
    expect(amend(voted, change(voted), AT).approversResolvedAt).toBe(voted.approversResolvedAt);
    expect(amend(voted, change(voted, 200_000), AT).approversResolvedAt).toBe(new Date(0).toISOString());
  });

  it('keeps the confirmation on, and turns it on for a large amount', () => {
    expect(amend(asked({ confirm: true }), change(voted), AT).confirm).toBe(true);
    expect(amend(voted, change(voted, 100_000), AT).confirm).toBe(true);
    expect(amend(voted, change(voted, 99_999), AT).confirm).toBe(false);
  });

  it('adds the requester whom the new request names to those who may not approve', () => {
    const named = { ...change(voted), request: { ...voted.request, requester: 'U0BEN' } };
    expect(amend(voted, named, AT).requesters).toEqual(['U0ANA', 'U0BEN']);
    expect(amend(voted, change(voted), AT).requesters).toEqual(['U0ANA']);
  });

  it('does not show a note of the workflow as the note of a person', () => {
    const noted = asked({ request: { ...voted.request, note: 'Mine' } });
    expect(amend(noted, change(noted), AT).noteBy).toBe('U0ANA');
    const other = { ...change(noted), request: { ...noted.request, note: 'Not mine' } };
    expect(amend(noted, other, AT).noteBy).toBeUndefined();
  });
});

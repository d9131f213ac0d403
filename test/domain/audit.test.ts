// Tests the entries of the audit: what each contains, and that an entry written twice has one name.
import { describe, expect, it } from 'vitest';
import {
  entriesOf,
  refusalEntry,
  refusedDelegationEntry,
  settingsEntry,
  stepEntry,
  withIdentity,
} from '../../domain/audit.ts';
import { approval } from '../support/approvals.ts';

const approved = { action: 'approved', by: 'U0DANA', at: '2026-11-02T10:04:00.000Z' } as const;
const undone = { action: 'undid_approval', by: 'U0DANA', at: '2026-11-02T10:05:00.000Z' } as const;
const declined = { action: 'declined', by: 'U0BEN', at: '2026-11-02T10:06:00.000Z', reason: 'No' } as const;
const made = approval({
  ts: '1.1',
  history: [approved, undone, declined],
  delegateFor: { U0DANA: 'U0CHLOE' },
  status: 'declined',
  decision: { outcome: 'declined', by: 'U0BEN', at: declined.at, reason: 'No' },
});
const shown = {
  title: 'Buy 10 AMZN',
  amount: 1_822,
  facts: made.request.facts,
  requester: 'U0ANA',
  policy: made.policy,
  channel: 'C0TRADING',
  executionArn: made.executionArn,
  approval: made.id,
};

describe('stepEntry', () => {
  it('contains the action and what the person saw, and for whom a delegate acted', () => {
    expect(stepEntry(made, 0)).toEqual({
      ...shown,
      ...approved,
      delegateFor: 'U0CHLOE',
      name: 'approval-00c0ffee00c0ffee-0',
    });
  });

  it('says which action was the decision: the last one, if there is a decision', () => {
    expect(stepEntry(made, 1)).not.toHaveProperty('decided');
    expect(stepEntry(made, 2)).toMatchObject({ ...declined, decided: 'declined', name: `${made.id}-2` });
    expect(stepEntry({ ...made, decision: undefined }, 2)).not.toHaveProperty('decided');
  });

  it('refuses a step that does not exist', () => {
    expect(() => stepEntry(made, 3)).toThrow(new RangeError('The approval has 3 steps, none of index 3.'));
  });
});

describe('entriesOf', () => {
  const names = (of: Parameters<typeof entriesOf>[0]) =>
    entriesOf(of).map(({ name, at, by }) => ({ name, at, by }));

  it('contains the request and every step of a pending approval', () => {
    expect(names(made)).toEqual([
      { name: `${made.id}-0`, at: approved.at, by: 'U0DANA' },
      { name: `${made.id}-1`, at: undone.at, by: 'U0DANA' },
      { name: `${made.id}-2`, at: declined.at, by: 'U0BEN' },
      { name: `${made.id}-requested`, at: made.askedAt, by: 'U0ANA' },
    ]);
  });

  it('contains the posted reminder and escalation, the result, and who resubmitted', () => {
    const result = { outcome: 'expired', at: '2026-11-02T10:16:00.000Z' } as const;
    const expired = {
      ...made,
      history: [],
      escalationSteps: {
        reminder: { at: '2026-11-02T10:08:00.000Z', ts: '1.2' },
        escalation: { at: '2026-11-02T10:12:00.000Z', ts: '1.3' },
      },
      result,
      resubmitted: { at: '2026-11-02T10:20:00.000Z', by: 'U0CHLOE' },
    };
    expect(entriesOf(expired)).toEqual([
      { ...shown, at: made.askedAt, name: `${made.id}-requested`, action: 'requested', by: 'U0ANA' },
      { ...shown, at: '2026-11-02T10:08:00.000Z', name: `${made.id}-reminded`, action: 'reminded' },
      { ...shown, at: '2026-11-02T10:12:00.000Z', name: `${made.id}-escalated`, action: 'escalated' },
      { ...shown, at: result.at, name: `${made.id}-ended`, action: 'ended', result },
      {
        ...shown,
        at: '2026-11-02T10:20:00.000Z',
        name: `${made.id}-resubmitted`,
        action: 'resubmitted',
        by: 'U0CHLOE',
      },
    ]);
  });

  it('contains each result, if a failed execution was redriven and succeeded', () => {
    const failed = { outcome: 'failed', at: '2026-11-02T10:08:00.000Z' } as const;
    const done = { outcome: 'done', at: '2026-11-02T10:20:00.000Z' } as const;
    const ends = entriesOf({ ...made, result: done, results: [failed, done] }).filter(
      ({ action }) => action === 'ended',
    );
    expect(ends).toMatchObject([
      { at: failed.at, result: failed },
      { at: done.at, result: done },
    ]);
  });

  it('contains no result without a time', () => {
    const unfinished = { ...made, history: [], result: { outcome: 'failed' } } as const;
    expect(entriesOf(unfinished).map(({ action }) => action)).toEqual(['requested']);
  });

  it('contains no reminder and no escalation that was not posted', () => {
    const at = '2026-11-02T10:08:00.000Z';
    const leased = { ...made, history: [], escalationSteps: { reminder: { at }, escalation: { at } } };
    expect(entriesOf(leased).map(({ action }) => action)).toEqual(['requested']);
  });
});

describe('entries of an amended request', () => {
  const amendedAt = '2026-11-02T10:05:30.000Z';
  const { request } = made;
  const before = { request, policy: made.policy, termsDigest: undefined };
  const larger = approval({
    ts: '1.1',
    request: { ...request, title: 'Buy 99 AMZN', amount: 18_038 },
    policy: {
      approvals: 2,
      approvers: ['S0RISK'],
      rules: { approvers: [], tiers: [], startedOutsideSlack: 'as-usual', confirmFromUsd: 0 },
    },
    history: [approved, { action: 'amended', at: amendedAt }, declined],
    amendments: [{ at: amendedAt, voters: ['U0DANA'], before }],
    escalationSteps: {
      reminder: { at: '2026-11-02T10:05:29.000Z', ts: '1.2' },
      escalation: { at: '2026-11-02T10:11:17.000Z', ts: '1.3' },
    },
    // The clock of Step Functions, which may be ahead of that of the function.
    askedAt: '2026-11-02T10:06:00.000Z',
  });

  it('contain the request and the policy that people saw at the time, without its rules', () => {
    const entries = entriesOf(larger).map(({ action, title, amount, policy }) => [
      action,
      title,
      amount,
      policy,
    ]);
    const first = ['Buy 10 AMZN', 1_822, made.policy];
    const second = ['Buy 99 AMZN', 18_038, { approvals: 2, approvers: ['S0RISK'] }];
    expect(entries).toEqual([
      ['approved', ...first],
      ['amended', ...second],
      ['declined', ...second],
      ['requested', ...first],
      ['reminded', ...first],
      ['escalated', ...second],
    ]);
    expect(stepEntry(larger, 1)).not.toHaveProperty('by');
  });

  it('contain what a person saw who was refused', () => {
    const refused = { action: 'approve', by: 'U0EVE', refusal: 'not_an_approver' } as const;
    expect(refusalEntry(larger, { ...refused, at: approved.at }).title).toBe('Buy 10 AMZN');
    expect(refusalEntry(larger, { ...refused, at: declined.at }).title).toBe('Buy 99 AMZN');
  });
});

describe('withIdentity', () => {
  const entry = stepEntry(made, 0);

  it('adds the name and the e-mail address', () => {
    const identity = { name: 'Dana', email: 'dana@local.example' };
    expect(withIdentity(entry, identity)).toEqual({
      ...entry,
      byName: 'Dana',
      byEmail: 'dana@local.example',
    });
  });

  it('adds nothing about an unknown person', () => {
    expect(withIdentity(entry, undefined)).toEqual(entry);
  });
});

describe('settings', () => {
  const at = '2026-11-02T10:04:00.000Z';

  it('are recorded with the person who stored them', () => {
    const settings = { directMessages: true, outUntil: '2026-11-30', delegate: 'U0DANA' };
    expect(settingsEntry('U0BEN', at, settings)).toEqual({
      at,
      name: 'settings-U0BEN',
      action: 'changed_settings',
      by: 'U0BEN',
      settings,
    });
  });

  it('are followed by a refused delegation', () => {
    expect(refusedDelegationEntry('U0DANA', at, 'U0BEN')).toEqual({
      at,
      name: 'delegation-U0DANA',
      action: 'refused_delegation',
      by: 'U0DANA',
      delegateFor: 'U0BEN',
    });
  });
});

describe('refusalEntry', () => {
  it('contains what was refused, to whom, and why', () => {
    const at = '2026-11-02T10:04:00.000Z';
    const refused = { action: 'approve', by: 'U0EVE', at, refusal: 'not_an_approver' } as const;
    expect(refusalEntry(made, refused)).toEqual({
      ...shown,
      at,
      name: 'approval-00c0ffee00c0ffee-U0EVE-approve',
      action: 'was_refused',
      by: 'U0EVE',
      refused: { action: 'approve', why: 'not_an_approver' },
    });
  });
});

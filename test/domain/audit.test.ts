// Tests the entries of the audit: what each contains, and that an entry written twice has one name.
import { describe, expect, it } from 'vitest';
import { refusalEntry, stepEntry } from '../../domain/audit.ts';
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
  source: { channel: 'C0TRADING', message: '1.1' },
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

describe('refusalEntry', () => {
  it('contains what was refused, to whom, and why', () => {
    const at = '2026-11-02T10:04:00.000Z';
    const refused = { action: 'approve', by: 'U0EVE', at, refusal: 'not_an_approver' } as const;
    expect(refusalEntry(made, refused)).toEqual({
      ...shown,
      at,
      name: 'approval-00c0ffee00c0ffee-U0EVE',
      action: 'was_refused',
      by: 'U0EVE',
      refused: { action: 'approve', why: 'not_an_approver' },
    });
  });
});

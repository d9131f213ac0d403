import { describe, expect, it } from 'vitest';
import {
  type Approval,
  DECISION_MARGIN_MS,
  mayResubmit,
  type Result,
  settled,
  type Status,
  statusAfter,
  toPreviousAnswer,
} from '../../domain/approval.ts';
import { approval } from '../support/approvals.ts';

const decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;

describe('settled', () => {
  it.each<[Partial<Approval>, Result['outcome'], Status]>([
    [{ status: 'approved', decision }, 'done', 'approved'],
    [{ status: 'approved', decision }, 'failed', 'approved'],
    [{ status: 'approved', decision }, 'expired', 'expired'],
    [{ status: 'cancelled', decision }, 'failed', 'cancelled'],
    [{ status: 'approved', decision }, 'cancelled', 'cancelled'],
    [{ status: 'declined', decision: { ...decision, outcome: 'declined' } }, 'declined', 'declined'],
    [{ status: 'pending' }, 'declined', 'declined'],
    [{ status: 'pending' }, 'expired', 'expired'],
    [{ status: 'pending' }, 'cancelled', 'cancelled'],
    [{ status: 'pending' }, 'failed', 'cancelled'],
  ])('turns %o with the result %s into status %s and keeps the decision', (before, outcome, status) => {
    const after = settled(approval(before), { outcome });
    expect(after).toMatchObject({ status, result: { outcome }, revision: 2 });
    expect(after.decision).toEqual(before.decision);
  });
});

describe('a resubmission', () => {
  const resubmitted = { by: 'U0ANA', at: decision.at };
  const resubmit = { label: 'Resubmit, limit 186.10', input: { symbol: 'AMZN' } };

  it.each<[Partial<Approval>, boolean]>([
    [{ status: 'declined' }, true],
    [{ status: 'expired' }, true],
    [{ status: 'declined', resubmitted }, false],
    [{ status: 'expired', resubmitted }, false],
    [{ status: 'pending' }, false],
    [{ status: 'approved' }, false],
    [{ status: 'cancelled' }, false],
    [{ status: 'approved', result: { outcome: 'unfilled' } }, false],
    [{ status: 'approved', result: { outcome: 'unfilled', resubmit } }, true],
    [{ status: 'approved', result: { outcome: 'unfilled', resubmit }, resubmitted }, false],
  ])('of %o is allowed: %s', (differences, expected) => {
    expect(mayResubmit(approval(differences))).toBe(expected);
  });

  const declined = { outcome: 'declined', by: 'U0BEN', at: decision.at } as const;

  it.each<[Partial<Approval>, object]>([
    [{ status: 'expired' }, { outcome: 'expired' }],
    [{ status: 'expired', decision: declined }, { outcome: 'expired' }],
    [{ status: 'declined' }, { outcome: 'expired' }],
    [{ status: 'declined', decision }, { outcome: 'expired' }],
    [
      { status: 'declined', decision: declined },
      { outcome: 'declined', by: 'U0BEN' },
    ],
    [
      { status: 'declined', decision: { ...declined, reason: 'No' } },
      { outcome: 'declined', by: 'U0BEN', reason: 'No' },
    ],
    [
      { status: 'approved', decision, result: { outcome: 'unfilled', text: 'The price moved.', resubmit } },
      { outcome: 'unfilled', reason: 'The price moved.' },
    ],
    [
      { status: 'approved', decision, result: { outcome: 'unfilled', resubmit } },
      { outcome: 'unfilled', reason: undefined },
    ],
  ])('of %o says how it was answered before', (differences, answer) => {
    expect(toPreviousAnswer(approval(differences))).toStrictEqual(answer);
  });
});

describe('statusAfter', () => {
  it.each<[Result['outcome'], Status]>([
    ['done', 'approved'],
    ['unfilled', 'approved'],
    ['declined', 'declined'],
    ['expired', 'expired'],
    ['failed', 'cancelled'],
    ['cancelled', 'cancelled'],
  ])('turns %s into %s', (outcome, status) => {
    expect(statusAfter({ outcome })).toBe(status);
  });
});

describe('DECISION_MARGIN_MS', () => {
  it('is five seconds', () => {
    expect(DECISION_MARGIN_MS).toBe(5_000);
  });
});

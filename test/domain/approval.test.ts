import { describe, expect, it } from 'vitest';
import { type Approval, type Result, settled, type Status } from '../../domain/approval.ts';
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

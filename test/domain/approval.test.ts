import { expect, it } from 'vitest';
import {
  type Approval,
  earliestDeadline,
  refusalOf,
  type Result,
  settled,
  type Status,
} from '../../domain/approval.ts';
import { approval } from '../approvals.ts';

const decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;

it('takes a decision until five seconds before the deadline', () => {
  expect(earliestDeadline(new Date('2026-11-02T10:00:00.000Z'))).toBe('2026-11-02T10:00:05.000Z');
});

it.each<[Approval | undefined, ReturnType<typeof refusalOf>]>([
  [undefined, 'unknown'],
  [approval({ status: 'approved', decision }), 'decided'],
  [approval({ status: 'expired', decision }), 'decided'],
  [approval({ status: 'pending' }), 'late'],
  [approval({ status: 'expired' }), 'over'],
  [approval({ status: 'cancelled' }), 'over'],
])('says why %o takes no decision', (given, refusal) => {
  expect(refusalOf(given)).toBe(refusal);
});

it.each<[Partial<Approval>, Result['outcome'], Status]>([
  [{ status: 'approved', decision }, 'filled', 'approved'],
  [{ status: 'approved', decision }, 'failed', 'approved'],
  [{ status: 'approved', decision }, 'expired', 'expired'],
  [{ status: 'approved', decision }, 'cancelled', 'cancelled'],
  [{ status: 'declined', decision: { ...decision, outcome: 'declined' } }, 'declined', 'declined'],
  [{ status: 'pending' }, 'declined', 'declined'],
  [{ status: 'pending' }, 'expired', 'expired'],
  [{ status: 'pending' }, 'cancelled', 'cancelled'],
  [{ status: 'pending' }, 'failed', 'cancelled'],
])('after %o and the result %s the status is %s, and the decision stays', (before, outcome, status) => {
  const after = settled(approval(before), { outcome });
  expect(after).toMatchObject({ status, result: { outcome }, revision: 2 });
  expect(after.decision).toEqual(before.decision);
});

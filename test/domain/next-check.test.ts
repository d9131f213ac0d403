// Tests when the reconciler must look at an approval again, duty by duty.
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import {
  APPROVERS_REFRESH_MS,
  GRACE_PERIOD_MS,
  IMMEDIATELY,
  nextCheckAt,
  RENOTIFY_AFTER_MS,
} from '../../domain/next-check.ts';
import { amendment } from '../support/amendments.ts';
import { approval } from '../support/approvals.ts';

/** Asked at 10:00:01, due at 10:15:01, reminded at 10:07:31, and its message shows the record. */
const shown = (differences: Partial<Approval> = {}) =>
  approval({ ts: '1.1', shownRevision: 1, escalationSchedule: { escalateTo: [] }, ...differences });
const decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;
const cancellation = { by: 'U0BEN', at: '2026-11-02T10:06:00.000Z' };
const AFTER_DEADLINE = '2026-11-02T10:16:01.000Z';
const later = { approversResolvedAt: '2026-11-02T10:15:00.000Z' };

describe('nextCheckAt', () => {
  it('waits a minute for work in progress, five for the approvers, and an hour for notifications', () => {
    expect([GRACE_PERIOD_MS, APPROVERS_REFRESH_MS, RENOTIFY_AFTER_MS]).toEqual([60_000, 300_000, 3_600_000]);
  });

  it.each<[string, Approval, string]>([
    ['it is not posted', approval(), IMMEDIATELY],
    [
      'voters must be told of a change',
      shown({ amendments: [amendment({ voters: ['U0BEN'] })] }),
      IMMEDIATELY,
    ],
    ['a delegate must be mentioned', shown({ delegatesToMention: new Set(['U0DANA']) }), IMMEDIATELY],
    [
      'a delegate was not mentioned before the decision',
      shown({ ...later, status: 'approved', delegatesToMention: new Set(['U0DANA']) }),
      AFTER_DEADLINE,
    ],
    ['its message lags behind', shown({ revision: 2 }), IMMEDIATELY],
    ['the approvers were resolved at 10:00:01', shown(), '2026-11-02T10:05:01.000Z'],
    ['only the deadline is left', shown(later), AFTER_DEADLINE],
    [
      'a reminder is due earlier',
      shown({ ...later, escalationSchedule: { reminder: '2026-11-02T10:07:31.000Z', escalateTo: [] } }),
      '2026-11-02T10:07:31.000Z',
    ],
    ['a decision was not sent', shown({ status: 'approved', decision }), '2026-11-02T10:06:00.000Z'],
    ['a decision was sent', shown({ status: 'approved', decision, sentAt: decision.at }), AFTER_DEADLINE],
    ['it was cancelled', shown({ status: 'cancelled', cancellation }), '2026-11-02T10:07:00.000Z'],
    ['it is over, so its approvers do not matter', shown({ status: 'expired' }), AFTER_DEADLINE],
    [
      'people were told at 10:20',
      shown({ result: { outcome: 'expired' }, settledAt: '2026-11-02T10:20:00.000Z' }),
      '2026-11-02T11:20:00.000Z',
    ],
    [
      'the time of the result is unknown',
      shown({ result: { outcome: 'expired' } }),
      '2026-11-02T11:15:01.000Z',
    ],
    [
      'it was reopened after its result',
      shown({ result: { outcome: 'expired' }, reopened: true }),
      IMMEDIATELY,
    ],
  ])('is right if %s', (_, one, expected) => {
    expect(nextCheckAt(one)).toBe(expected);
  });

  it('is in the past for what is due immediately', () => {
    expect(IMMEDIATELY).toBe('1970-01-01T00:00:00.000Z');
  });
});

// Tests for how long a delegate may be named.
import { describe, expect, it } from 'vitest';
import { isTooLong, latestDay } from '../../domain/people-rules.ts';
import { peopleRules } from '../support/people-rules.ts';

describe('delegation days', () => {
  it('are counted from today, across the end of a month', () => {
    expect(latestDay(30, new Date('2026-11-26T23:59:59.000Z'))).toBe('2026-12-26');
    expect(latestDay(1, new Date('2026-12-31T00:00:00.000Z'))).toBe('2027-01-01');
  });

  it('include the last day', () => {
    const now = new Date('2026-11-26T10:00:00.000Z');
    expect(isTooLong('2026-12-26', peopleRules, now)).toBe(false);
    expect(isTooLong('2026-12-27', peopleRules, now)).toBe(true);
  });

  it('do not change the given time', () => {
    const now = new Date('2026-11-26T10:00:00.000Z');
    latestDay(30, now);
    expect(now.toISOString()).toBe('2026-11-26T10:00:00.000Z');
  });
});

// Tests for how long a delegate may be named.
import { describe, expect, it } from 'vitest';
import { isTooLong, latestDay } from '../../domain/people-rules.ts';
import { peopleRules } from '../support/people-rules.ts';

describe('delegation days', () => {
  it('are counted from today, across the end of a month', () => {
    expect(latestDay(30, '2026-11-26')).toBe('2026-12-26');
    expect(latestDay(1, '2026-12-31')).toBe('2027-01-01');
  });

  it('include the last day', () => {
    expect(isTooLong('2026-12-26', peopleRules, '2026-11-26')).toBe(false);
    expect(isTooLong('2026-12-27', peopleRules, '2026-11-26')).toBe(true);
  });
});

// Removes some grants of the stack, one at a time and others each day: the day must differ without each. All grants:
// grants.slow.test.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Day, differs, grants, seen, UNSEEN, wholeDay } from './support/grants.ts';

/** The grants are tested in so many parts, one each day. */
const PARTS = 24;
const today = Math.floor(Date.now() / 86_400_000) % PARTS;

let untouched: Day;

beforeAll(async () => {
  untouched = await wholeDay();
});

describe('grants', () => {
  it('are exercised by a day on which everything happens', () => {
    const day = untouched.flat().join('\n');
    for (const told of [
      'Bought',
      'Sold',
      'Declined',
      'Resubmitted',
      'Expired',
      'Failed',
      'Refused',
      'nobody may approve more than',
      'Cancelled',
      'nobody can',
    ])
      expect(day).toContain(told);
    expect(day).not.toMatch(/could not|dead letter|Something went wrong/);
  });

  it.concurrent.each(seen.filter((_, at) => at % PARTS === today))('%s', async (grant) => {
    expect(await differs(grant, untouched)).toBe(true);
  });

  it.each(UNSEEN)('that no run here can tell apart exist in the stack: $grant', ({ grant }) => {
    expect(grants.some(({ name }) => grant.test(name))).toBe(true);
  });
});

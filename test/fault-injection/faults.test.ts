// Plays some cases of the fault table and removes one guard that makes it hold. More: faults.slow.test.ts.
import { describe, it } from 'vitest';
import { checkCases, checkMissed, guards } from './guards.ts';

describe('fault table', () => {
  it('holds in one case for each guard', { timeout: 120_000 }, () => checkCases());

  it.each(guards.slice(0, 1))('breaks without $guard', { timeout: 120_000 }, (guard) => checkMissed(guard));
});

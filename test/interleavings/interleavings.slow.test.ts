// Plays 3,000 random interleavings.
import { describe, it } from 'vitest';
import { checkInterleavings, timeoutFor } from './check-interleavings.ts';

const RUNS = 3_000;

describe('interleavings', () => {
  it('decide at most once, by the policy, and answer everybody', { timeout: timeoutFor(RUNS) }, () =>
    checkInterleavings(RUNS),
  );
});

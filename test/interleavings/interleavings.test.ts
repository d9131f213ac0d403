// Plays a sample of the random interleavings. More of them: interleavings.slow.test.ts.
import { describe, it } from 'vitest';
import { checkInterleavings, timeoutFor } from './check-interleavings.ts';

const RUNS = 150;

describe('interleavings', () => {
  it('decide at most once, by the policy, and answer everybody', { timeout: timeoutFor(RUNS) }, () =>
    checkInterleavings(RUNS),
  );
});

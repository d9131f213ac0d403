// Plays a sample of the random interleavings. More of them: interleavings.slow.test.ts.
import { it } from 'vitest';
import { checkInterleavings, timeoutFor } from './check-interleavings.ts';

const RUNS = 300;

it(
  'decides at most once, by the policy, and leaves nobody without an answer',
  { timeout: timeoutFor(RUNS) },
  () => checkInterleavings(RUNS),
);

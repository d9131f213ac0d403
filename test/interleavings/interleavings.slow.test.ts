// Plays 3,000 random interleavings.
import { it } from 'vitest';
import { checkInterleavings, timeoutFor } from './check-interleavings.ts';

const RUNS = 3_000;

it(
  'decides at most once, by the policy, and leaves nobody without an answer',
  { timeout: timeoutFor(RUNS) },
  () => checkInterleavings(RUNS),
);

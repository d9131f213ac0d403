// Plays a few interleavings through the front door. More of them: desk.slow.test.ts.
import { describe, it } from 'vitest';
import { checkAtTheDesk, timeoutFor } from './check-at-the-desk.ts';

const RUNS = 5;

describe('interleavings through the front door', () => {
  it('decide once, show the current status, and answer every press', { timeout: timeoutFor(RUNS) }, () =>
    checkAtTheDesk(RUNS),
  );
});

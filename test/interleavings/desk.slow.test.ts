// Plays 50 interleavings through the front door.
import { describe, it } from 'vitest';
import { checkAtTheDesk, timeoutFor } from './check-at-the-desk.ts';

const RUNS = 50;

describe('interleavings through the front door', () => {
  it('decide once, show the current status, and answer every press', { timeout: timeoutFor(RUNS) }, () =>
    checkAtTheDesk(RUNS),
  );
});

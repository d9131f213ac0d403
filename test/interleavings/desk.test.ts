// Plays a few interleavings through the front door. More of them: desk.slow.test.ts.
import { it } from 'vitest';
import { checkAtTheDesk, timeoutFor } from './check-at-the-desk.ts';

const RUNS = 5;

it('holds through the front door, too', { timeout: timeoutFor(RUNS) }, () => checkAtTheDesk(RUNS));

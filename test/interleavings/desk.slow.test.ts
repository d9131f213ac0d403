// Plays 50 interleavings through the front door.
import { it } from 'vitest';
import { checkAtTheDesk, timeoutFor } from './check-at-the-desk.ts';

const RUNS = 50;

it('holds through the front door, too', { timeout: timeoutFor(RUNS) }, () => checkAtTheDesk(RUNS));

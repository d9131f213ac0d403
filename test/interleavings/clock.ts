// The clock of one interleaving. It moves on request, and by a millisecond on each read, so that every step has its own
// time.
import { current } from './turns.ts';

export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What the code reads: noted with the invocation that reads it. */
  readonly read: () => Date;
  /** Moves it forward; if it passes the deadline, that happens at once. */
  advance(milliseconds: number): void;
  /** Moves it forward to a time, unless that is over. */
  advanceTo(time: number): void;
}

export function createClock(start: number, deadline: number, passed: () => void): Clock {
  let now = start;
  const advance = (milliseconds: number) => {
    const before = now;
    now += milliseconds;
    if (before < deadline && now >= deadline) passed();
  };
  return {
    now: () => now,
    advance,
    advanceTo: (time) => advance(Math.max(0, time - now)),
    read: () => {
      advance(1);
      const at = new Date(now);
      current().times.push(at.toISOString());
      return at;
    },
  };
}

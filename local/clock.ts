// The one clock of everything that runs on this machine: the local cloud, the local Slack and, through shared
// memory, each function's `Date`. Whoever starts the world makes it; skipping ahead is how time is simulated.

export interface Clock {
  /** Now, in milliseconds since the epoch. */
  now(): number;
  /** Moves now forward by so many milliseconds. Timers due meanwhile are the cloud's to fire (`Cloud.advance`). */
  skip(milliseconds: number): void;
  /** The distance to the machine's time in milliseconds, one Float64 in shared memory, for worker threads. */
  readonly offset: SharedArrayBuffer;
}

/** @param start where the clock starts, the machine's time unless it says otherwise */
export function createClock(start = new Date()): Clock {
  const offset = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const ahead = new Float64Array(offset);
  const skip = (milliseconds: number): void => {
    ahead[0] = (ahead[0] ?? 0) + milliseconds;
  };
  skip(start.getTime() - Date.now());
  return { now: () => Date.now() + (ahead[0] ?? 0), skip, offset };
}

// The one clock of the local world: the cloud, the small Slack and, through shared memory, `Date` in each function.
// Created by `startWorld`, by `npm start` and by tests; they skip time to simulate it.

export interface Clock {
  /** Now, in milliseconds since the epoch. */
  now(): number;
  /** Moves now forward by so many milliseconds. It fires no timers: `Cloud.advance` does. */
  skip(milliseconds: number): void;
  /** The difference from the machine's time in milliseconds, a Float64 in shared memory, for worker threads. */
  readonly offset: SharedArrayBuffer;
}

/** @param start time at which the clock starts; by default the machine's time */
export function createClock(start = new Date()): Clock {
  const offset = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const ahead = new Float64Array(offset);
  const skip = (milliseconds: number): void => {
    ahead[0] = (ahead[0] ?? 0) + milliseconds;
  };
  skip(start.getTime() - Date.now());
  return { now: () => Date.now() + (ahead[0] ?? 0), skip, offset };
}

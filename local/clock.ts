// The clock of the local cloud and the local Slack. `Date` in the functions follows it through shared memory.
// Created by `startWorld`, `startWorkspace` and tests; the demo and tests move it forward instead of waiting.

export interface Clock {
  /** Now, in milliseconds since the epoch. */
  now(): number;
  /** Moves the clock forward without firing timers. Use `Cloud.advance` to fire the timers too. */
  skip(milliseconds: number): void;
  /** The difference from the machine's time in milliseconds, a Float64 in shared memory, for worker threads. */
  readonly offset: SharedArrayBuffer;
  /**
   * By how much the functions' clock is ahead of this clock, in milliseconds, a Float64 in shared memory. AWS and Slack
   * use this clock itself.
   */
  readonly functionSkew: SharedArrayBuffer;
  /** Sets `functionSkew`. A negative number sets the functions' clock back. */
  skewFunctions(milliseconds: number): void;
}

/** @param start time at which the clock starts; by default the machine's time */
export function createClock(start = new Date()): Clock {
  const offset = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const ahead = new Float64Array(offset);
  const functionSkew = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const skew = new Float64Array(functionSkew);
  const skip = (milliseconds: number): void => {
    ahead[0] = (ahead[0] ?? 0) + milliseconds;
  };
  skip(start.getTime() - Date.now());
  return {
    now: () => Date.now() + (ahead[0] ?? 0),
    skip,
    offset,
    functionSkew,
    skewFunctions: (milliseconds) => {
      skew[0] = milliseconds;
    },
  };
}

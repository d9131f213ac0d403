// The input and output of a measured process. `run.ts` starts the process, and `lambda-process.ts` runs in it.

export interface Task {
  /** Path of the bundle whose `handler` is measured. */
  readonly bundle: string;
  /**
   * Events, handled one after the other. The first is a cold start. If empty, only the import of the bundle is
   * measured.
   */
  readonly events: readonly object[];
  /** True to record the loaded files, which makes the measured times meaningless. */
  readonly inspect: boolean;
}

export interface Measured {
  /** Milliseconds from the import of the bundle until it is evaluated. */
  readonly init: number;
  /** Milliseconds from the import of the bundle until the first answer. */
  readonly cold: number;
  /** Milliseconds until the second answer. */
  readonly warm: number;
  /**
   * CPU milliseconds of all threads, from the start of Node until the first answer, or until the import if there are no
   * events.
   */
  readonly cpu: number;
  /** CPU milliseconds from the first answer until the second. 0 without a second event. */
  readonly warmCpu: number;
  /** Peak memory in MB. */
  readonly memory: number;
  /** When each event came and when its answer was sent, in milliseconds since 1970. */
  readonly asked: readonly number[];
  readonly answered: readonly number[];
  readonly statuses: readonly number[];
  /** Number of loaded files. Only set if `inspect` is true. */
  readonly files: number;
  /** Names of the files that the bundle read, such as the SDK's configuration. Only set if `inspect` is true. */
  readonly reads: readonly string[];
  /** True if Node loaded its built-in undici. */
  readonly undici: boolean;
}

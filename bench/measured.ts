// What a measured process is told and what it tells. `run.ts` starts one, `lambda-process.ts` is one.

export interface Task {
  /** The file whose `handler` is measured. */
  readonly bundle: string;
  /** Events, one after the other: the first is cold. None: only the bundle's evaluation is measured. */
  readonly events: readonly object[];
  /** Whether to look at what is loaded, which takes time: such a run measures no time. */
  readonly inspect: boolean;
}

export interface Measured {
  /** Milliseconds from the import of the bundle until it is evaluated. */
  readonly init: number;
  /** Milliseconds from the import of the bundle until the first answer. */
  readonly cold: number;
  /** Milliseconds until the second answer. */
  readonly warm: number;
  /** Milliseconds of CPU that the process took until the first answer, Node's own start and all threads included; without
   * events until the bundle was evaluated. */
  readonly cpu: number;
  /** MB at the most. */
  readonly memory: number;
  /** When each press came, and when its answer left, in milliseconds since 1970. */
  readonly asked: readonly number[];
  readonly answered: readonly number[];
  readonly statuses: readonly number[];
  /** Files that were loaded, and whether Node's undici was among what it loaded of its own. Only where it inspects. */
  readonly files: number;
  readonly undici: boolean;
}

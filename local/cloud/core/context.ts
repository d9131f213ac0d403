// The context that every service of the cloud needs. `startCloud` creates it and passes it to each service.
import type { Clock } from '../../clock.ts';
import type { Persistence } from '../../persistence.ts';
import type { Access } from '../services/iam/access.ts';
import type { Model } from '../template/resource-readers.ts';
import type { CloudState } from './state.ts';
import type { Timers } from './timers.ts';

export interface CloudContext {
  /** The current stack; an update overwrites its fields with those of the next version. */
  readonly model: Model;
  readonly state: CloudState;
  readonly access: Access;
  /** The only source of time. */
  readonly clock: Clock;
  readonly timers: Timers;
  /**
   * Await it before the answer of a call that changed the state, or an event, leaves the cloud: the state must be on
   * disk.
   */
  readonly saved: Persistence['saved'];
  readonly log: Log;
}

/** Takes an event named in the past tense. */
export type Log = (event: {
  readonly source: string;
  readonly event: string;
  readonly [field: string]: unknown;
}) => void;

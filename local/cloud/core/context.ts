// What every service of the cloud stands on. `startCloud` lays it, and each service is made with it.
import type { Clock } from '../../clock.ts';
import type { Persistence } from '../../persistence.ts';
import type { Access } from '../services/iam/access.ts';
import type { Model } from '../template/resource-readers.ts';
import type { CloudState } from './state.ts';
import type { Timers } from './timers.ts';

export interface CloudContext {
  /** What the stack is now: an update writes its next version into it. */
  readonly model: Model;
  readonly state: CloudState;
  readonly access: Access;
  /** Every time read comes from it. */
  readonly clock: Clock;
  readonly timers: Timers;
  /** Nothing that follows from the state leaves the cloud before the state is kept. */
  readonly saved: Persistence['saved'];
  readonly log: Log;
}

/** Takes what happened, in the past tense. */
export type Log = (event: {
  readonly source: string;
  readonly event: string;
  readonly [field: string]: unknown;
}) => void;

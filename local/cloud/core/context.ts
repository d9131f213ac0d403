// The context that every service of the local cloud needs. `startCloud` creates it and passes it to each service.
import type { Clock } from '../../clock.ts';
import type { Persistence } from '../../persistence.ts';
import type { Access } from '../services/iam/access.ts';
import type { Model } from '../template/resource-readers.ts';
import type { CloudState } from './state.ts';
import type { Timers } from './timers.ts';

export interface CloudContext {
  /** The current stack. An update of the stack overwrites the fields of this object. */
  readonly model: Model;
  readonly state: CloudState;
  readonly access: Access;
  /** The only source of time. */
  readonly clock: Clock;
  readonly timers: Timers;
  /** Resolves when the state is on disk. Await it before you run a function, and before you answer a call. */
  readonly saved: Persistence['saved'];
  readonly log: Log;
}

/** Logs an event. The name `event` is in the past tense, such as `message_sent`. */
export type Log = (event: {
  readonly source: string;
  readonly event: string;
  readonly [field: string]: unknown;
}) => void;

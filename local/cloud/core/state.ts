// The whole state of the cloud as plain JSON, so that it can be saved and restored; running work (a busy worker) is not
// part of it. `startCloud` creates it, and each service owns a part.
import type { Json, JsonObject } from './json.ts';
import type { StateMachineModel } from '../template/resource-readers.ts';

export interface CloudState {
  readonly startedAt: number;
  readonly timers: Timer[];
  readonly executions: Record<string, Execution>;
  /** Every task token issued, with the attempt it belongs to. */
  readonly taskTokens: Record<string, TaskToken>;
  readonly queues: Record<string, Queue>;
  readonly secrets: Record<string, Secret>;
}

export type TimerKind =
  | 'state_due'
  | 'state_timed_out'
  | 'execution_timed_out'
  | 'queue_polled'
  | 'schedule_due'
  | 'invocation_timed_out';

export interface Timer {
  readonly due: number;
  readonly kind: TimerKind;
  /** The ARN of an execution, a queue or a rule, or the id of an invocation, depending on the kind. */
  readonly subject: string;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** The definition at the time the execution was started. */
  readonly machine: StateMachineModel;
  readonly input: string;
  readonly startDate: number;
  status: ExecutionStatus;
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
  /** Number of attempts at all states so far. The result of an earlier attempt is ignored, its task token refused. */
  attempts: number;
  /** The current state, or after the end the last one. */
  current?: CurrentState;
  readonly redrives: Redrive[];
  readonly history: HistoryEvent[];
}

export interface Redrive {
  readonly date: number;
  /** The caller's client token: the same token again means the same redrive. */
  readonly clientToken: string;
}

export interface CurrentState {
  readonly name: string;
  readonly input: Json;
  readonly enteredAt: number;
  attempt: number;
  /** Number of retries of each retrier, by its index. */
  readonly retries: number[];
  token?: string;
}

export interface HistoryEvent extends JsonObject {
  readonly id: number;
  readonly previousEventId: number;
  /** In seconds, as in the API. */
  readonly timestamp: number;
  readonly type: string;
}

export interface TaskToken {
  readonly execution: string;
  readonly attempt: number;
}

export interface Queue {
  messages: Message[];
  lastDelivered?: Message;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  /** As in the API: by name, each with its DataType and StringValue. */
  readonly attributes: JsonObject;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  changedAt: number;
  version: string;
  value: string;
}

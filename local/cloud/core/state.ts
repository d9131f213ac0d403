// All that the cloud remembers, as plain JSON, so that it can be kept and read back; what runs in memory (a busy
// worker) is not in it. `startCloud` makes one, each service owns its part.
import type { Json, JsonObject } from './json.ts';
import type { StateMachineModel } from '../template/resource-readers.ts';

export interface CloudState {
  readonly startedAt: number;
  readonly timers: Timer[];
  readonly executions: Record<string, Execution>;
  /** Every task token ever made, to the attempt it belongs to. */
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
  /** The ARN of an execution, a queue or a rule, or an invocation's id, as the kind says. */
  readonly subject: string;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** As it was when the execution was started. */
  readonly machine: StateMachineModel;
  readonly input: string;
  readonly startDate: number;
  status: ExecutionStatus;
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
  /** Counts every run of a state; an answer or a token of an earlier attempt is void. */
  attempts: number;
  /** The state it is in; once it is over, the one it ended in. */
  current?: CurrentState;
  readonly redrives: Redrive[];
  readonly history: HistoryEvent[];
}

export interface Redrive {
  readonly date: number;
  /** Of who asked for it: asking again with the same one is the same redrive. */
  readonly clientToken: string;
}

export interface CurrentState {
  readonly name: string;
  readonly input: Json;
  readonly enteredAt: number;
  attempt: number;
  /** How often each retrier of the state has retried, by its place. */
  readonly retries: number[];
  token?: string;
}

export interface HistoryEvent extends JsonObject {
  readonly id: number;
  readonly previousEventId: number;
  /** In seconds, as the API has it. */
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
  /** As the API has them: by name, each with its DataType and StringValue. */
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

// The whole state of the cloud as plain JSON, so that it can be saved and restored. Work in progress, such as a running
// function, is not included. Times are in milliseconds since the epoch, unless a comment names another unit.
import type { Json, JsonObject } from './json.ts';
import type { RetentionMode } from '../template/buckets.ts';
import type { StateMachineModel } from '../template/resource-readers.ts';

export interface CloudState {
  readonly startedAt: number;
  readonly timers: Timer[];
  readonly executions: Record<string, Execution>;
  /** Every task token ever issued, with the execution and the attempt that it belongs to. */
  readonly taskTokens: Record<string, TaskToken>;
  readonly queues: Record<string, Queue>;
  readonly secrets: Record<string, Secret>;
  /** The parameters of Parameter Store by name. */
  readonly parameters: Record<string, Parameter>;
  /** The versions of all objects by the name of their bucket, by key in UTF-8 order, then newest first. */
  readonly buckets: Record<string, ObjectVersion[]>;
}

export type TimerKind =
  | 'state_due'
  | 'wait_over'
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
  /** The state machine as it was when the execution started. */
  readonly machine: StateMachineModel;
  readonly input: string;
  readonly startDate: number;
  status: ExecutionStatus;
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
  /** Number of attempts at all states so far. Results and task tokens of earlier attempts are not accepted. */
  attempts: number;
  /** The current state. After the execution has ended, the last state. */
  current?: CurrentState;
  readonly redrives: Redrive[];
  readonly history: HistoryEvent[];
}

export interface Redrive {
  readonly date: number;
  /** The caller's client token. A second call with the same token does not start another redrive. */
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
  /** The system attribute AWSTraceHeader. Undefined if the sender has no trace header. */
  readonly traceHeader?: string | undefined;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** The ARN of the queue that the message came from, if it is a dead letter. */
  deadLetterOf?: string;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  changedAt: number;
  version: string;
  value: string;
}

/** A parameter of Parameter Store. */
export interface Parameter {
  /** The kept versions, oldest first. */
  versions: ParameterVersion[];
  /** The resource that created it, as in the template that was deployed last. Undefined: PutParameter created it. */
  deployed?: { readonly id: string; readonly value: string };
}

export interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  readonly changedAt: number;
}

/** One version of an object in S3. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly createdAt: number;
  /** Undefined for a delete marker. */
  readonly content?: ObjectContent;
  retention?: Retention;
  /** Undefined if it was never set. */
  legalHold?: 'ON' | 'OFF';
}

export interface ObjectContent {
  /** In base64. */
  readonly body: string;
  readonly size: number;
  readonly etag: string;
  readonly contentType: string;
  /** Headers `x-amz-meta-…` and the checksum that the caller sent, by name. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Retention {
  readonly mode: RetentionMode;
  readonly until: number;
}

// The type of a state machine's definition: the supported part of the Amazon States Language. `checkDefinition`
// refuses everything else; the interpreter runs the definition.
import type { Json, JsonObject } from '../../core/json.ts';

export interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

export type State = TaskState | PassState | ChoiceState | WaitState | FailState | SucceedState;

/** What a state takes from its input and gives to the next state. Null stands for an empty object. */
export interface DataFlow {
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
}

/** Has at most one of TimeoutSeconds and TimeoutSecondsPath. */
export interface TaskState extends DataFlow {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters?: JsonObject;
  readonly ResultSelector?: JsonObject;
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Next?: string;
}

export interface PassState extends DataFlow {
  readonly Type: 'Pass';
  readonly Parameters?: JsonObject;
  readonly Result?: Json;
  readonly ResultPath?: string | null;
  readonly Next?: string;
}

export interface ChoiceState extends DataFlow {
  readonly Type: 'Choice';
  readonly Choices: readonly (JsonObject & { readonly Next: string })[];
  readonly Default?: string;
}

/** Has either Seconds or SecondsPath. */
export interface WaitState extends DataFlow {
  readonly Type: 'Wait';
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Next?: string;
}

export interface SucceedState extends DataFlow {
  readonly Type: 'Succeed';
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string | null;
  readonly Next: string;
}

export const invoke = 'arn:aws:states:::lambda:invoke';
export const sendAndWait = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
export const publish = 'arn:aws:states:::sns:publish';

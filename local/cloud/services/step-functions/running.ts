// A running execution with its current state, and the context object that `$$` paths read. The interpreter, the tasks
// and the choice rules use it.
import type { JsonObject } from '../../core/json.ts';
import type { CurrentState, Execution } from '../../core/state.ts';
import type { State } from './definition.ts';

export interface Running<Here extends State = State> {
  readonly execution: Execution;
  readonly current: CurrentState;
  readonly state: Here;
}

export function runningOf(execution: Execution | undefined): Running | undefined {
  if (execution?.status !== 'RUNNING' || !execution.current) return undefined;
  const { current, machine } = execution;
  const state = machine.definition.States[current.name];
  return state && { execution, current, state };
}

export const contextPaths = [
  '$$.Execution.Id',
  '$$.Execution.Name',
  '$$.Execution.RedriveCount',
  '$$.State.EnteredTime',
  '$$.State.Name',
  '$$.State.RetryCount',
  '$$.Task.Token',
];

/** The context object: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export function contextOf({ execution, current }: Running): JsonObject {
  return {
    Execution: { Id: execution.arn, Name: execution.name, RedriveCount: execution.redrives.length },
    State: {
      Name: current.name,
      EnteredTime: new Date(current.enteredAt).toISOString(),
      RetryCount: current.retries.reduce((sum, count) => sum + (count ?? 0), 0),
    },
    ...(current.token && { Task: { Token: current.token } }),
  };
}

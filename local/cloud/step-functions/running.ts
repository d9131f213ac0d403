// An execution together with the state it is in, as long as it runs. The interpreter and the tasks work on it.
import type { CurrentState, Execution } from '../state.ts';
import type { State, StateMachine } from './definition.ts';

export interface Running<Here extends State = State> {
  readonly execution: Execution;
  readonly machine: StateMachine;
  readonly current: CurrentState;
  readonly state: Here;
}

export function runningOf(
  execution: Execution | undefined,
  machines: ReadonlyMap<string, StateMachine>,
): Running | undefined {
  const machine = execution && machines.get(execution.stateMachineArn);
  const current = execution?.current;
  const state = current && machine?.definition.States[current.name];
  return state ? { execution, machine, current, state } : undefined;
}

/** Whether the execution is still at this attempt: what belongs to an earlier one comes too late. */
export function isAt({ current }: Running, attempt: number | undefined): boolean {
  return current.attempt === attempt;
}

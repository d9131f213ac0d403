// Runs a state that calls no service: returns its output and the next state. The interpreter calls it.
import type { Json } from '../../core/json.ts';
import { choose } from './choice.ts';
import type { State, TaskState } from './definition.ts';
import { StateFailure } from './failure.ts';
import { argumentsOf, inputOf, outputOf, passOn } from './data-flow.ts';
import { contextOf, type Running } from './running.ts';

export interface Step {
  readonly output: Json;
  /** Undefined if the execution has succeeded. */
  readonly next?: string | undefined;
}

export function step(running: Running<Exclude<State, TaskState>>): Step {
  const { current, state } = running;
  const { input, name } = current;
  const context = contextOf(running);
  switch (state.Type) {
    case 'Pass': {
      const result = state.Result ?? argumentsOf(state, input, context);
      return { output: outputOf(state, result, input, context), next: state.Next };
    }
    case 'Succeed':
      return { output: passOn(state, input, context) };
    case 'Fail':
      throw new StateFailure(state.Error, state.Cause);
    case 'Choice': {
      const next = choose(state, inputOf(state, input, context), context);
      if (next !== undefined) return { output: passOn(state, input, context), next };
      throw new StateFailure('States.NoChoiceMatched', `No rule of ${name} matches, and it has no Default`);
    }
  }
}

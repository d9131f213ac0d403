// Runs a state that calls no service: returns its output and the next state. The interpreter calls it.
import type { Json } from '../../core/json.ts';
import { choose } from './choice.ts';
import type { State, TaskState, WaitState } from './definition.ts';
import { RuntimeFailure, StateFailure } from './failure.ts';
import { pathNotFound, read } from './paths.ts';
import { argumentsOf, inputOf, outputOf, passOn } from './data-flow.ts';
import { contextOf, type Running } from './running.ts';

export interface Step {
  readonly output: Json;
  /** Undefined if the execution has succeeded. */
  readonly next?: string | undefined;
}

export function step(running: Running<Exclude<State, TaskState | WaitState>>): Step {
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
      throw new StateFailure(
        state.Error ?? textAt('ErrorPath', state.ErrorPath, input, context),
        state.Cause ?? textAt('CausePath', state.CausePath, input, context),
      );
    case 'Choice': {
      const next = choose(state, inputOf(state, input, context), context);
      if (next !== undefined) return { output: passOn(state, input, context), next };
      throw new StateFailure('States.NoChoiceMatched', `No rule of ${name} matches, and it has no Default`);
    }
  }
}

/** The text at the path of a Fail state: https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html */
function textAt(field: string, path: string | undefined, input: Json, context: Json): string | undefined {
  if (path === undefined) return undefined;
  const found = read(path, input, context);
  if (found === undefined) throw pathNotFound(field, path, input);
  if (typeof found === 'string') return found;
  throw new RuntimeFailure(
    `The ${field} parameter does not reference a text: ${path} == ${JSON.stringify(found)}`,
  );
}

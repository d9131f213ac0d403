// What a state that asks nobody does: its output and where to go, or how the execution ends. The interpreter takes
// the step.
import type { Json } from '../json.ts';
import { choose } from './choice.ts';
import { contextOf } from './context.ts';
import type { State, TaskState } from './definition.ts';
import type { Reason } from './ending.ts';
import { place } from './paths.ts';
import type { Running } from './running.ts';
import { StateFailure } from './state-failure.ts';

export type Step =
  | { readonly output: Json; readonly next?: string | undefined }
  | { readonly failed: Reason };

export function step(running: Running<Exclude<State, TaskState>>): Step {
  const { current, state } = running;
  switch (state.Type) {
    case 'Pass':
      return {
        output: place(state.Result ?? current.input, current.input, state.ResultPath),
        next: state.Next,
      };
    case 'Succeed':
      return { output: current.input };
    case 'Fail':
      return { failed: { error: state.Error, cause: state.Cause } };
    case 'Choice': {
      const next = choose(state, current.input, contextOf(running));
      if (next !== undefined) return { output: current.input, next };
      throw new StateFailure(
        'States.NoChoiceMatched',
        `No rule of ${current.name} matches, and it has no Default`,
      );
    }
  }
}

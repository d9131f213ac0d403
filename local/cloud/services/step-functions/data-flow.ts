// What a state takes from its input and gives to the next state: InputPath, Parameters, ResultSelector, ResultPath and
// OutputPath, in this order. The interpreter, the tasks, `seconds.ts` and `step.ts` call it.
import type { Json } from '../../core/json.ts';
import type { DataFlow, PassState, TaskState } from './definition.ts';
import { fill, invalidPath, place, read } from './paths.ts';

export function inputOf({ InputPath }: DataFlow, input: Json, context: Json): Json {
  return select(InputPath, input, context);
}

/** The input with which a task calls a service, and the result of a Pass state without Result. */
export function argumentsOf(state: TaskState | PassState, input: Json, context: Json): Json {
  const selected = inputOf(state, input, context);
  return state.Parameters ? fill(state.Parameters, selected, context) : selected;
}

/** The output of a state that has a result. As in AWS, ResultPath puts the result into the input before InputPath. */
export function outputOf(state: TaskState | PassState, result: Json, input: Json, context: Json): Json {
  const selector = state.Type === 'Task' ? state.ResultSelector : undefined;
  const selected = selector ? fill(selector, result, context) : result;
  return select(state.OutputPath, place(selected, input, state.ResultPath), context);
}

/** The output of a state that has no result. */
export function passOn(state: DataFlow, input: Json, context: Json): Json {
  return select(state.OutputPath, inputOf(state, input, context), context);
}

/** The value at the path. Null stands for an empty object. */
export function select(path: string | null | undefined, from: Json, context: Json): Json {
  if (path === null) return {};
  const found = read(path ?? '$', from, context);
  if (found === undefined) throw invalidPath(path ?? '$', from, context);
  return found;
}

// The seconds of a state, from its definition or from its input: how long a Wait state waits, and how long a task may
// run. The interpreter calls `waitOf` and `timeoutOf`, and `check-definition.ts` reads the maximum.
import type { Json } from '../../core/json.ts';
import { inputOf, select } from './data-flow.ts';
import type { TaskState, WaitState } from './definition.ts';
import { RuntimeFailure } from './failure.ts';
import { pathNotFound, read } from './paths.ts';

/**
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html,
 * and the default of a task's timeout: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 */
export const MAX_SECONDS = 99_999_999;

export function waitOf(state: WaitState, input: Json, context: Json): number {
  const { Seconds, SecondsPath = '$' } = state;
  if (Seconds !== undefined) return Seconds;
  const selected = inputOf(state, input, context);
  const found = read(SecondsPath, selected, context);
  if (found === undefined) throw pathNotFound('SecondsPath', SecondsPath, selected);
  return checked('SecondsPath', SecondsPath, found);
}

/**
 * Undefined if the task has no timeout. The cause of a missing value was recorded at AWS, and differs from that of Wait:
 * https://github.com/localstack/localstack/blob/8b9a79f05846835cf4dff63ab7eefdde9df83783/tests/aws/services/stepfunctions/v2/scenarios/test_base_scenarios.snapshot.json
 */
export function timeoutOf(state: TaskState, input: Json, context: Json): number | undefined {
  const { TimeoutSeconds, TimeoutSecondsPath } = state;
  if (TimeoutSecondsPath === undefined) return TimeoutSeconds;
  const found = select(TimeoutSecondsPath, inputOf(state, input, context), context);
  const seconds = checked('TimeoutSecondsPath', TimeoutSecondsPath, found);
  if (seconds > 0) return seconds;
  throw new RuntimeFailure(
    `The TimeoutSecondsPath parameter references a value below 1: ${TimeoutSecondsPath} == ${seconds}`,
  );
}

function checked(field: string, path: string, found: Json): number {
  const value = `${path} == ${JSON.stringify(found)}`;
  if (typeof found !== 'number' || !Number.isInteger(found))
    throw new RuntimeFailure(`The ${field} parameter cannot be parsed as a long value: ${value}`);
  if (found < 0) throw new RuntimeFailure(`The ${field} parameter references a negative value: ${value}`);
  if (found > MAX_SECONDS)
    throw new RuntimeFailure(`The ${field} parameter references a value above ${MAX_SECONDS}: ${value}`);
  return found;
}

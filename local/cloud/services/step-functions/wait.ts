// The time that a Wait state waits, from its definition or from its input. The interpreter calls `secondsOf`, and
// `check-definition.ts` reads the maximum.
import type { Json } from '../../core/json.ts';
import { inputOf } from './data-flow.ts';
import type { WaitState } from './definition.ts';
import { RuntimeFailure } from './failure.ts';
import { pathNotFound, read } from './paths.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html */
export const MAX_WAIT_SECONDS = 99_999_999;

export function secondsOf(state: WaitState, input: Json, context: Json): number {
  const { Seconds, SecondsPath = '$' } = state;
  if (Seconds !== undefined) return Seconds;
  const selected = inputOf(state, input, context);
  const found = read(SecondsPath, selected, context);
  if (found === undefined) throw pathNotFound('SecondsPath', SecondsPath, selected);
  const value = `${SecondsPath} == ${JSON.stringify(found)}`;
  if (typeof found !== 'number' || !Number.isInteger(found))
    throw new RuntimeFailure(`The SecondsPath parameter cannot be parsed as a long value: ${value}`);
  if (found < 0) throw new RuntimeFailure(`The SecondsPath parameter references a negative value: ${value}`);
  if (found > MAX_WAIT_SECONDS)
    throw new RuntimeFailure(
      `The SecondsPath parameter references a value above ${MAX_WAIT_SECONDS}: ${value}`,
    );
  return found;
}

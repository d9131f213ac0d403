// Evaluates the rules of a Choice state. `step.ts` calls `choose`, and `check-definition.ts` reads the list of
// supported comparisons.
import { asText, isList, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ChoiceState } from './definition.ts';
import { pathNotFound, read } from './paths.ts';

type Comparison = (value: Json | undefined, expected: Json) => boolean;

export const comparisons: Readonly<Record<string, Comparison>> = {
  IsPresent: (value, expected) => (value !== undefined) === expected,
  StringEquals: (value, expected) => typeof value === 'string' && value === expected,
};

/** The next state, or undefined if no rule matches and there is no Default. */
export function choose({ Choices, Default }: ChoiceState, input: Json, context: Json): string | undefined {
  return Choices.find((rule) => holds(rule, input, context))?.Next ?? Default;
}

function holds(rule: JsonObject, input: Json, context: Json): boolean {
  const nested = (value: Json) => isObject(value) && holds(value, input, context);
  const { And, Not, Variable } = rule;
  if (isList(And)) return And.every(nested);
  if (Not !== undefined) return !nested(Not);
  const path = asText(Variable);
  const value = read(path, input, context);
  return Object.entries(comparisons).some(([name, compare]) => {
    const expected = rule[name];
    if (expected === undefined) return false;
    if (value === undefined && name !== 'IsPresent') throw pathNotFound('Variable', path, input);
    return compare(value, expected);
  });
}

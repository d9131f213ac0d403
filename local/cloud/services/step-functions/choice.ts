// Evaluates the rules of a Choice state. `step.ts` calls `choose`, and `check-definition.ts` reads the list of
// supported comparisons.
import { asText, isList, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ChoiceState } from './definition.ts';
import { pathNotFound, read } from './paths.ts';

type Comparison = (value: Json | undefined, expected: Json) => boolean;

/** A value of another type does not match: https://states-language.net/spec.html#choice-state */
const numeric =
  (compare: (value: number, expected: number) => boolean): Comparison =>
  (value, expected) =>
    typeof value === 'number' && typeof expected === 'number' && compare(value, expected);

export const comparisons: Readonly<Record<string, Comparison>> = {
  IsPresent: (value, expected) => (value !== undefined) === expected,
  IsNull: (value, expected) => (value === null) === expected,
  StringEquals: (value, expected) => typeof value === 'string' && value === expected,
  BooleanEquals: (value, expected) => typeof value === 'boolean' && value === expected,
  NumericEquals: numeric((value, expected) => value === expected),
  NumericGreaterThan: numeric((value, expected) => value > expected),
  NumericGreaterThanEquals: numeric((value, expected) => value >= expected),
  NumericLessThan: numeric((value, expected) => value < expected),
  NumericLessThanEquals: numeric((value, expected) => value <= expected),
};

/** The next state, or undefined if no rule matches and there is no Default. */
export function choose({ Choices, Default }: ChoiceState, input: Json, context: Json): string | undefined {
  return Choices.find((rule) => holds(rule, input, context))?.Next ?? Default;
}

function holds(rule: JsonObject, input: Json, context: Json): boolean {
  const nested = (value: Json) => isObject(value) && holds(value, input, context);
  const { And, Or, Not, Variable } = rule;
  if (isList(And)) return And.every(nested);
  if (isList(Or)) return Or.some(nested);
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

// Checks that an EventPattern contains only exact strings and wildcards, as nothing else is supported, and matches events
// against it. The template's readers check patterns, and the rules match events.
import { isList, isObject, type Json, type JsonObject } from '../../core/json.ts';

export function checkPattern(pattern: JsonObject, refuse: (finding: string) => void): void {
  if (Object.keys(pattern).length === 0)
    refuse('a rule without EventPattern or ScheduleExpression is not supported');
  for (const [field, expected] of Object.entries(pattern)) {
    if (isObject(expected)) checkPattern(expected, refuse);
    else if (!isList(expected) || !expected.every((one) => typeof one === 'string' || wildcardIn(one)))
      refuse(`EventPattern ${field} holds more than exact strings and wildcards, which is not supported`);
  }
}

export function matches(pattern: JsonObject, event: JsonObject): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    const value = event[field];
    if (isObject(expected)) return isObject(value) && matches(expected, value);
    return isList(expected) && typeof value === 'string' && expected.some((one) => isMet(one, value));
  });
}

/**
 * `*` stands for any number of characters, and may not be beside another. Without the escape `\\*`:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching
 */
function wildcardIn(expected: Json): string | undefined {
  if (!isObject(expected) || Object.keys(expected).join() !== 'wildcard') return undefined;
  const { wildcard } = expected;
  return typeof wildcard === 'string' && !/\*\*|\\/.test(wildcard) ? wildcard : undefined;
}

function isMet(expected: Json, value: string): boolean {
  if (typeof expected === 'string') return expected === value;
  const [first = '', ...rest] = (wildcardIn(expected) ?? '').split('*');
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}

// Checks that an EventPattern contains only exact strings, as nothing else is supported, and matches events against it.
// The template's readers check patterns, and the rules match events.
import { isList, isObject, type JsonObject } from '../../core/json.ts';

export function checkPattern(pattern: JsonObject, refuse: (finding: string) => void): void {
  if (Object.keys(pattern).length === 0)
    refuse('a rule without EventPattern or ScheduleExpression is not supported');
  for (const [field, expected] of Object.entries(pattern)) {
    if (isObject(expected)) checkPattern(expected, refuse);
    else if (!isList(expected) || !expected.every((value) => typeof value === 'string'))
      refuse(`EventPattern ${field} holds more than exact strings, which is not supported`);
  }
}

export function matches(pattern: JsonObject, event: JsonObject): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    const value = event[field];
    if (isObject(expected)) return isObject(value) && matches(expected, value);
    return isList(expected) && typeof value === 'string' && expected.includes(value);
  });
}

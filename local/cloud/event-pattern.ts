// EventBridge's event patterns, of which only lists of exact strings are supported. The rules match with it; the
// template's reader refuses all other patterns.
import { isList, isObject, type JsonObject } from './json.ts';

export function checkPattern(pattern: JsonObject, refuse: (finding: string) => void): void {
  if (Object.keys(pattern).length === 0) refuse('a rule without EventPattern is not supported');
  for (const [field, expected] of Object.entries(pattern)) {
    if (isObject(expected)) checkPattern(expected, refuse);
    else if (!isList(expected)) refuse(`EventPattern ${field} is not a list`);
    else if (!expected.every((value) => typeof value === 'string')) {
      refuse(`EventPattern ${field} holds more than exact strings, which is not supported`);
    }
  }
}

export function matchesPattern(pattern: JsonObject, event: JsonObject): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    const value = event[field];
    if (isObject(expected)) return isObject(value) && matchesPattern(expected, value);
    return isList(expected) && typeof value === 'string' && expected.includes(value);
  });
}

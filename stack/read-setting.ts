// Reads one setting of a simple type and validates it. `settings.ts` and the settings of a workflow call these
// functions.
import { InvalidSetting } from './invalid-setting.ts';

export type Read = (name: string) => unknown;

/** Maximum number of items in a list. A workflow may show a list as a select, for which Slack allows 100 options. */
const MAX_ITEMS = 100;

export function text(read: Read, name: string, pattern: RegExp, expected: string): string {
  const value = read(name);
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw invalidSetting(name, value, expected);
}

export function wholeNumber(read: Read, name: string, min: number, max: number): number {
  const given = read(name);
  const value = /^\d+$/.test(String(given)) ? Number(given) : Number.NaN;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidSetting(name, given, `a whole number from ${min} to ${max}`);
}

/** Accepts a number with at most two decimals, above 0 and at most `max`. */
export function percent(read: Read, name: string, max: number): number {
  const given = read(name);
  const value = /^\d+(\.\d{1,2})?$/.test(String(given)) ? Number(given) : Number.NaN;
  if (value > 0 && value <= max) return value;
  throw invalidSetting(name, given, `a percentage above 0 and at most ${max}, such as 0.5`);
}

export function list(read: Read, name: string, pattern: RegExp, expected: string): readonly string[] {
  const value = read(name);
  const items = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : [];
  const isValid = items.length > 0 && items.length <= MAX_ITEMS && items.every((item) => pattern.test(item));
  if (isValid && new Set(items).size === items.length) return items;
  throw invalidSetting(name, value, expected);
}

export function oneOf<Choice extends string>(read: Read, name: string, choices: readonly Choice[]): Choice {
  const value = read(name);
  const choice = choices.find((each) => each === value);
  if (choice) return choice;
  throw invalidSetting(name, value, choices.join(' or '));
}

export function invalidSetting(name: string, value: unknown, expected: string): InvalidSetting {
  const found = value === undefined ? 'it is not set' : `it is ${JSON.stringify(value)}`;
  return new InvalidSetting(
    `The setting "${name}" must be ${expected}; ${found}. Fix it in \`cdk.json\`, in \`SETTINGS\` in \`.env\`, or pass \`-c ${name}=…\`.`,
  );
}

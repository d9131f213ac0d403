// What an API's operations are here, and what they share: refusing members that are not supported, and paging. Each
// service makes a table of them for the gateway.
import { AwsError } from './aws-error.ts';
import type { Json, JsonObject } from './json.ts';

export type Operations = Readonly<Record<string, (input: JsonObject) => JsonObject>>;

export function accept(input: JsonObject, members: readonly string[]): void {
  const others = Object.keys(input).filter((name) => !members.includes(name) && input[name] !== null);
  if (others.length === 0) return;
  throw new AwsError(
    'ValidationException',
    `Not supported by the local cloud: ${others.join(', ')}. Supported: ${members.join(', ')}`,
  );
}

export function page<Item>(items: readonly Item[], size: number, token: string | undefined) {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
  const to = from + size;
  return { items: items.slice(from, to), next: to < items.length ? String(to) : undefined };
}

/** The object without its undefined members, as JSON would have it. */
export function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

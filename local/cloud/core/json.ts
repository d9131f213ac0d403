// The type of a JSON value, and functions that read a member or throw an error that names it. All code that reads a
// template, a request or a definition uses it.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Thrown if a member is missing or has the wrong type. The gateway converts it to a ValidationException. */
export class UnexpectedShape extends Error {}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function parse(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

/** The parsed text, or undefined if it is not JSON. */
export function tryParse(text: string): Json | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Returns a string unchanged, and any other value as JSON. Null and undefined become two quotation marks. */
export function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

/** The names of the members that are not in `listed`, a string of names separated by spaces. */
export function membersBeyond(listed: string, from: object): readonly string[] {
  return Object.keys(from).filter((name) => !listed.split(' ').includes(name));
}

export function bytes(text: string): number {
  return Buffer.byteLength(text);
}

export function textAt(from: JsonObject, key: string): string {
  const value = optionalText(from, key);
  if (value === undefined) throw new UnexpectedShape(`${key} is missing`);
  return value;
}

export function optionalText(from: JsonObject, key: string): string | undefined {
  const value = from[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new UnexpectedShape(`${key} is not a string`);
  return value;
}

export function numberAt(from: JsonObject, key: string, otherwise: number): number {
  const value = from[key] ?? otherwise;
  if (typeof value !== 'number') throw new UnexpectedShape(`${key} is not a number`);
  return value;
}

export function objectAt(from: JsonObject, key: string): JsonObject {
  const value = from[key] ?? {};
  if (!isObject(value)) throw new UnexpectedShape(`${key} is not an object`);
  return value;
}

export function objectsAt(from: JsonObject, key: string, otherwise?: readonly []): readonly JsonObject[] {
  const value = from[key] ?? otherwise;
  if (isList(value) && value.every(isObject)) return value;
  throw new UnexpectedShape(`${key} is not a list of objects`);
}

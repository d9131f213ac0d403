// Paths of the States Language: `$.a.b` is in the input, `$$.Execution.Id` in the context object. Reads values, writes
// results and fills payload templates. The interpreter, the tasks and the choice rules use it.
import { isList, isObject, type Json } from '../../core/json.ts';
import { RuntimeFailure, StateFailure } from './failure.ts';

const PATH = /^\$?\$(\.[\p{L}_][\p{L}\p{N}_-]*)*$/u;

/** Whether this is a supported path. Intrinsic functions, indexes, filters and wildcards are not supported. */
export function isPath(value: Json | undefined): value is string {
  return typeof value === 'string' && PATH.test(value);
}

/** Whether this is a reference path: a path into the input (`$`), not into the context object (`$$`). */
export function isReferencePath(value: Json | undefined): value is string {
  return isPath(value) && !value.startsWith('$$');
}

/** The value at the path, or undefined. */
export function read(path: string, input: Json, context: Json): Json | undefined {
  const [root, ...fields] = path.split('.');
  return fields.reduce<Json | undefined>(
    (value, field) => (isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined),
    root === '$$' ? context : input,
  );
}

/** Puts the result into the input at a ResultPath. Null drops the result; `$` or no path replaces the whole input. */
export function place(result: Json, input: Json, path: string | null | undefined): Json {
  if (path === null) return input;
  const placed = put(result, input, (path ?? '$').split('.').slice(1));
  if (placed !== undefined) return placed;
  throw new StateFailure(
    'States.ResultPathMatchFailure',
    `Unable to apply ReferencePath ${path ?? '$'} to the input`,
  );
}

function put(result: Json, into: Json | undefined, [field, ...more]: readonly string[]): Json | undefined {
  if (field === undefined) return result;
  if (into !== undefined && !isObject(into)) return undefined;
  const inner = put(result, into?.[field], more);
  return inner === undefined ? undefined : { ...into, [field]: inner };
}

/**
 * Fills a payload template: each `key.$` gets the value at its path. As in AWS, members with a path come after all
 * others, in the order of a hash table, so that nobody relies on the order in the definition.
 */
export function fill(template: Json, input: Json, context: Json): Json {
  if (isList(template)) return template.map((item) => fill(item, input, context));
  if (!isObject(template)) return template;
  const given: [string, Json][] = [];
  const atPaths: [string, Json][] = [];
  for (const [key, value] of Object.entries(template)) {
    if (!key.endsWith('.$') || typeof value !== 'string') {
      given.push([key, fill(value, input, context)]);
      continue;
    }
    const found = read(value, input, context);
    if (found === undefined) throw pathNotFound(key, value, input);
    atPaths.push([key.slice(0, -2), found]);
  }
  return Object.fromEntries([...given, ...inHashOrder(atPaths)]);
}

/** Sorts as a HashMap of Java iterates. This explains the order of members in all of LocalStack's recordings of AWS. */
function inHashOrder(members: readonly [string, Json][]): readonly [string, Json][] {
  let buckets = 16;
  while (members.length > buckets * 0.75) buckets *= 2;
  const bucketOf = ([key]: readonly [string, Json]) => {
    let hash = 0;
    for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return members.toSorted((one, other) => bucketOf(one) - bucketOf(other));
}

/** The error for an InputPath or OutputPath without a value, in the words of the library with which AWS reads paths. */
export function invalidPath(path: string, input: Json, context: Json): StateFailure {
  const [root = '$', ...fields] = path.split('.');
  const upTo = (count: number) => [root, ...fields.slice(0, count)].join('.');
  const found = fields.findIndex((_field, at) => read(upTo(at + 1), input, context) === undefined) + 1;
  const missing = `${root}${fields
    .slice(0, found)
    .map((field) => `['${field}']`)
    .join('')}`;
  const what = found < fields.length ? 'Missing property in path' : 'No results for path:';
  return new RuntimeFailure(`Invalid path '${path}' : ${what} ${missing}`);
}

/** The error for a path without a value. It ends the execution, because States.Runtime cannot be retried or caught. */
export function pathNotFound(field: string, path: string, input: Json): StateFailure {
  return new RuntimeFailure(
    `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${JSON.stringify(input)}'`,
  );
}

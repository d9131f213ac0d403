// Reads the template from a cloud assembly, which must contain exactly one stack. `startCloud`, an update of the stack
// and `stack-of.ts` call it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, objectAt, optionalText, parse, textAt, type JsonObject } from '../core/json.ts';

export interface Assembly {
  readonly folder: string;
  readonly stackName: string;
  readonly template: JsonObject;
}

export function readAssembly(folder: string): Assembly {
  const artifacts = objectAt(readJson(folder, 'manifest.json'), 'artifacts');
  const stacks = Object.keys(artifacts).filter(
    (id) => objectAt(artifacts, id)['type'] === 'aws:cloudformation:stack',
  );
  const [id, ...more] = stacks;
  if (id === undefined || more.length > 0)
    throw new Error(`${folder} holds ${stacks.length} stacks; the local cloud runs one`);
  const properties = objectAt(objectAt(artifacts, id), 'properties');
  const stackName = optionalText(properties, 'stackName') ?? id;
  return { folder, stackName, template: readJson(folder, textAt(properties, 'templateFile')) };
}

function readJson(folder: string, file: string): JsonObject {
  const value = parse(readFileSync(join(folder, file), 'utf8'));
  if (!isObject(value)) throw new Error(`${join(folder, file)} is not a JSON object`);
  return value;
}

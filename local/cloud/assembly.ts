// Reads a cloud assembly from its folder: the one stack's template and where each asset lies. `startCloud` calls it
// first.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, objectAt, parse, textAt, type JsonObject } from './json.ts';

export interface Assembly {
  readonly stackName: string;
  readonly template: JsonObject;
  /** Folder of each zipped asset, by its object key. */
  readonly assets: ReadonlyMap<string, string>;
}

export function readAssembly(folder: string): Assembly {
  const artifacts = Object.entries(objectAt(readJson(folder, 'manifest.json'), 'artifacts'));
  const stacks = artifacts.filter(
    ([, artifact]) => isObject(artifact) && artifact['type'] === 'aws:cloudformation:stack',
  );
  const [only] = stacks;
  if (!only || stacks.length > 1)
    throw new Error(`${folder} holds ${stacks.length} stacks; the local cloud runs one`);
  const [id, artifact] = only;
  const properties = objectAt(isObject(artifact) ? artifact : {}, 'properties');
  return {
    stackName: typeof properties['stackName'] === 'string' ? properties['stackName'] : id,
    template: readJson(folder, textAt(properties, 'templateFile')),
    assets: readAssets(folder, `${id}.assets.json`),
  };
}

function readAssets(folder: string, file: string): ReadonlyMap<string, string> {
  const assets = new Map<string, string>();
  for (const asset of Object.values(objectAt(readJson(folder, file), 'files'))) {
    if (!isObject(asset)) continue;
    for (const destination of Object.values(objectAt(asset, 'destinations'))) {
      if (!isObject(destination)) continue;
      assets.set(textAt(destination, 'objectKey'), join(folder, textAt(objectAt(asset, 'source'), 'path')));
    }
  }
  return assets;
}

function readJson(folder: string, file: string): JsonObject {
  const value = parse(readFileSync(join(folder, file), 'utf8'));
  if (!isObject(value)) throw new Error(`${join(folder, file)} is not a JSON object`);
  return value;
}

// Reads the template from a cloud assembly, which must contain exactly one stack. `startCloud`, an update of the stack
// and `stack-of.ts` call it.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isObject, objectAt, optionalText, parse, textAt, type JsonObject } from '../core/json.ts';

export interface Assembly {
  readonly folder: string;
  readonly stackName: string;
  readonly template: JsonObject;
  /** The folder or file of each asset, by its key in S3. */
  readonly assets: ReadonlyMap<string, string>;
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
  const template = readJson(folder, textAt(properties, 'templateFile'));
  return { folder, stackName, template, assets: readAssets(folder, artifacts) };
}

/** https://github.com/cdklabs/cloud-assembly-schema: the types of artifacts, and the form of an asset manifest. */
function readAssets(folder: string, artifacts: JsonObject): ReadonlyMap<string, string> {
  const manifests = Object.keys(artifacts)
    .map((id) => objectAt(artifacts, id))
    .filter(({ type }) => type === 'cdk:asset-manifest')
    .map((artifact) => readJson(folder, textAt(objectAt(artifact, 'properties'), 'file')));
  const assets = manifests.flatMap((manifest) => {
    const files = objectAt(manifest, 'files');
    return Object.keys(files).map((id) => objectAt(files, id));
  });
  return new Map(
    assets.flatMap((asset) => {
      const path = resolve(folder, optionalText(objectAt(asset, 'source'), 'path') ?? '');
      const destinations = objectAt(asset, 'destinations');
      return Object.keys(destinations).map((id) => [textAt(objectAt(destinations, id), 'objectKey'), path]);
    }),
  );
}

function readJson(folder: string, file: string): JsonObject {
  const value = parse(readFileSync(join(folder, file), 'utf8'));
  if (!isObject(value)) throw new Error(`${join(folder, file)} is not a JSON object`);
  return value;
}

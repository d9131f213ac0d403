// What runs, read out of a template: typed functions, queues, topics, rules, state machines, tables and secrets, or
// the findings that say why it cannot run here. `startCloud` reads it twice: to check, then with real addresses.
import type { Assembly } from './assembly.ts';
import { bootstrapNames, resourceAttributes, supported, templateSections } from './closed-list.ts';
import { resolve } from './intrinsics.ts';
import {
  asText,
  isObject,
  objectAt,
  optionalText,
  UnexpectedShape,
  type Json,
  type JsonObject,
} from './json.ts';
import { identify, type Addresses, type Identity, type Resource } from './names.ts';
import { readers, type Named } from './readers.ts';

export type Model = {
  readonly [Kind in keyof typeof readers]: readonly ReturnType<(typeof readers)[Kind]['read']>[];
} & {
  readonly outputs: Readonly<Record<string, string>>;
};

export interface Reading {
  readonly model: Model;
  readonly findings: readonly string[];
}

export function readModel(assembly: Assembly, addresses: Addresses): Reading {
  const findings: string[] = [];
  const { stackName, template } = assembly;
  checkSections(template, findings);
  const raw = resourcesOf(template);
  const found = raw.filter((resource) => isSupported(resource, template, findings));
  const naming = { stackName, identities: new Map<string, Identity>(), refuse: () => {} };
  for (const { id, type, properties } of found) {
    const resource = { id, type, properties: resolvedNames(properties, naming) };
    naming.identities.set(id, identify(resource, stackName, addresses));
  }
  const named = found.map((resource): Named => {
    const refuse = (finding: string) => void findings.push(`${resource.type} ${resource.id}: ${finding}`);
    const properties = resolve(resource.properties, { ...naming, refuse });
    const identity = naming.identities.get(resource.id) ?? { name: '', ref: '', attributes: {} };
    return { ...resource, properties: isObject(properties) ? properties : {}, identity, assembly, refuse };
  });
  return {
    model: {
      ...readAll(named),
      outputs: outputsOf(template, { ...naming, refuse: (it) => void findings.push(it) }),
    },
    findings,
  };
}

function readAll(resources: readonly Named[]): Omit<Model, 'outputs'> {
  const read = <Value>(reader: Reader<Value>) =>
    resources.filter(({ type }) => type === reader.type).flatMap((resource) => readOne(reader, resource));
  return {
    functions: read(readers.functions),
    functionUrls: read(readers.functionUrls),
    eventSources: read(readers.eventSources),
    queues: read(readers.queues),
    topics: read(readers.topics),
    subscriptions: read(readers.subscriptions),
    rules: read(readers.rules),
    stateMachines: read(readers.stateMachines),
    tables: read(readers.tables),
    secrets: read(readers.secrets),
  };
}

function readOne<Value>({ read }: Reader<Value>, resource: Named): readonly Value[] {
  try {
    return [read(resource)];
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    resource.refuse(error.message);
    return [];
  }
}

interface Reader<Value> {
  readonly type: string;
  readonly read: (resource: Named) => Value;
}

/** Logical ids of the function URLs, each of which needs a listener before names can be resolved. */
export function functionUrlIds({ template }: Assembly): readonly string[] {
  return resourcesOf(template)
    .filter(({ type }) => type === 'AWS::Lambda::Url')
    .map(({ id }) => id);
}

function resourcesOf(template: JsonObject): readonly Resource[] {
  return Object.entries(objectAt(template, 'Resources'))
    .filter((entry): entry is [string, JsonObject] => isObject(entry[1]))
    .map(([id, resource]) => ({
      id,
      type: optionalText(resource, 'Type') ?? '',
      properties: objectAt(resource, 'Properties'),
    }))
    .filter(({ type }) => type !== 'AWS::CDK::Metadata');
}

function checkSections(template: JsonObject, findings: string[]): void {
  for (const section of Object.keys(template)) {
    if (!templateSections.includes(section)) findings.push(`template section ${section} is not supported`);
  }
  for (const section of ['Parameters', 'Rules']) {
    for (const name of Object.keys(objectAt(template, section))) {
      if (!bootstrapNames.includes(name)) findings.push(`${section} ${name} is not supported`);
    }
  }
}

function isSupported({ id, type, properties }: Resource, template: JsonObject, findings: string[]): boolean {
  const known = supported[type];
  if (!known) {
    findings.push(`${type} ${id}: resource type is not supported`);
    return false;
  }
  for (const attribute of Object.keys(objectAt(objectAt(template, 'Resources'), id))) {
    if (!resourceAttributes.includes(attribute))
      findings.push(`${type} ${id}: ${attribute} is not supported`);
  }
  for (const property of Object.keys(properties)) {
    const listed = `${known.run} ${known.without}`.split(' ').includes(property);
    if (!listed) findings.push(`${type} ${id}: property ${property} is not supported`);
  }
  return true;
}

/** Names may hold pseudo parameters; they are resolved before there is anything to refer to. */
function resolvedNames(properties: JsonObject, scope: Parameters<typeof resolve>[1]): JsonObject {
  const names = Object.entries(properties).filter(([property]) => property.endsWith('Name'));
  return Object.fromEntries(
    names.map(([property, value]): [string, Json] => [property, resolve(value, scope)]),
  );
}

function outputsOf(
  template: JsonObject,
  scope: Parameters<typeof resolve>[1],
): Readonly<Record<string, string>> {
  const outputs = Object.entries(objectAt(template, 'Outputs'));
  return Object.fromEntries(
    outputs.map(([name, output]) => [
      name,
      asText(resolve((isObject(output) ? output['Value'] : undefined) ?? '', scope)),
    ]),
  );
}

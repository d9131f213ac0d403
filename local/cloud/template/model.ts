// Builds the model of a stack from its template, or throws with every reason why the stack cannot run here. It is
// called twice at each start and each update: first to check the template, then with the real addresses.
import type { Assembly } from './assembly.ts';
import { readConditions, type IsMet } from './conditions.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { asText, isObject, membersBeyond, objectAt, type JsonObject } from '../core/json.ts';
import type { Named } from './named-resource.ts';
import { readResources, type Model } from './resource-readers.ts';
import { givenName, identify, resourceTypes, type Addresses, type Resource } from './resource-types.ts';
import { readTemplateParameters, refuseDuplicates, type StoredValue } from './parameters.ts';
import { checkRoles } from './check-roles.ts';
import { checkDefinition } from '../services/step-functions/check-definition.ts';

/** Attributes allowed beside a resource's properties. */
const resourceAttributes = 'Condition DeletionPolicy DependsOn Metadata Properties Type UpdateReplacePolicy';
const templateSections = 'Conditions Description Outputs Parameters Resources Rules';
/** The CDK adds them to check the version of its bootstrap, which the local cloud does not need. */
const bootstrapParameter = 'BootstrapVersion';
const bootstrapRule = 'CheckBootstrapVersion';

/** The template contains something that the local cloud does not support. */
export class NotSupported extends Error {
  override readonly name = 'NotSupported';

  constructor(what: string, findings: readonly string[]) {
    super([`The local cloud cannot ${what}:`, ...findings.map((finding) => `  - ${finding}`)].join('\n'));
  }
}

type Refuse = (finding: string) => void;

/** @param storedValue reads a parameter of Parameter Store as it was before this deployment */
export function readModel(assembly: Assembly, addresses: Addresses, storedValue: StoredValue): Model {
  const findings: string[] = [];
  const refuse = (finding: string) => void findings.push(finding);
  const { stackName, template } = assembly;
  checkSections(template, refuse);
  const parameters = readTemplateParameters(parametersOf(template), storedValue, refuse);
  const isMet = readConditions(objectAt(template, 'Conditions'), parameters, refuse);
  const resources = resourcesOf(template)
    .filter(({ id, written }) => isMet(written, `Resources ${id}`))
    .filter((resource) => isSupported(resource, refuse));
  const identities = new Map(resources.map((one) => [one.id, identify(one, stackName, addresses)]));
  const scope = { identities, parameters };
  // The names of parameters may contain those of other resources.
  for (const one of resources.filter((each) => isObject(givenName(each)))) {
    const Name = resolve(one.properties['Name'] ?? null, { ...scope, refuse });
    identities.set(one.id, identify({ ...one, properties: { Name } }, stackName, addresses));
  }
  const model = {
    ...readResources(resources.map((resource) => named(resource, scope, assembly, refuse))),
    stackName,
    outputs: outputsOf(template, { ...scope, refuse }, isMet),
    lasting: resources.flatMap(({ id, type }) =>
      resourceTypes[type]?.lasts ? [{ id, type, name: identities.get(id)?.name ?? '' }] : [],
    ),
  };
  const functionArns = model.functions.map(({ arn }) => arn);
  for (const { name, definition } of model.stateMachines)
    checkDefinition(definition, functionArns, (finding) => refuse(`state machine ${name}: ${finding}`));
  checkRoles(model, refuse);
  refuseDuplicates(model.parameters, refuse);
  for (const { functionName } of model.eventSources)
    if (model.functions.some((one) => one.name === functionName && one.reservedConcurrency < Infinity))
      refuse(`function ${functionName}: ReservedConcurrentExecutions is not supported with an event source`);
  if (findings.length === 0) return model;
  throw new NotSupported(`run ${stackName}`, findings);
}

function resourcesOf(template: JsonObject): readonly Resource[] {
  const resources = objectAt(template, 'Resources');
  return Object.keys(resources).map((id) => {
    const written = objectAt(resources, id);
    return { id, type: asText(written['Type']), properties: objectAt(written, 'Properties'), written };
  });
}

function checkSections(template: JsonObject, refuse: Refuse): void {
  for (const section of membersBeyond(templateSections, template))
    refuse(`template section ${section} is not supported`);
  for (const name of membersBeyond(bootstrapRule, objectAt(template, 'Rules')))
    refuse(`Rules ${name} is not supported`);
}

/** All parameters except the one that only the rule reads. */
function parametersOf(template: JsonObject): JsonObject {
  const { [bootstrapParameter]: _version, ...others } = objectAt(template, 'Parameters');
  return others;
}

function isSupported(resource: Resource, refuseAll: Refuse): boolean {
  const { id, type, properties, written } = resource;
  const refuse = (finding: string) => refuseAll(`${type} ${id}: ${finding}`);
  const known = resourceTypes[type];
  if (!known) {
    refuse('resource type is not supported');
    return false;
  }
  for (const attribute of membersBeyond(resourceAttributes, written)) refuse(`${attribute} is not supported`);
  for (const property of membersBeyond(known.properties, properties))
    refuse(`property ${property} is not supported`);
  const isResolved = type === 'AWS::SSM::Parameter' || known.hasIdleName;
  if (isObject(givenName(resource)) && !isResolved) refuse('a name that is not a literal is not supported');
  return true;
}

function named(
  resource: Resource,
  scope: Omit<Scope, 'refuse'>,
  assembly: Assembly,
  refuseAll: Refuse,
): Named {
  const { id, type } = resource;
  const refuse = (finding: string) => refuseAll(`${type} ${id}: ${finding}`);
  const properties = resolve(resource.properties, { ...scope, refuse });
  const identity = scope.identities.get(id) ?? { name: '', arn: '', ref: '', url: '' };
  return { ...resource, properties: isObject(properties) ? properties : {}, identity, assembly, refuse };
}

function outputsOf(template: JsonObject, scope: Scope, isMet: IsMet): Readonly<Record<string, string>> {
  const outputs = objectAt(template, 'Outputs');
  const names = Object.keys(outputs).filter((name) => isMet(objectAt(outputs, name), `Outputs ${name}`));
  const value = (name: string) => objectAt(outputs, name)['Value'] ?? '';
  return Object.fromEntries(names.map((name) => [name, asText(resolve(value(name), scope))]));
}

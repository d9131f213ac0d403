// Reads the parameters of Parameter Store in a template: resources that create them, and the template's own parameters
// that take their values from them. `readResources` and `readModel` call it.
import { membersBeyond, objectAt, optionalText, textAt, type JsonObject } from '../core/json.ts';
import { wrongDescription, wrongNewName, wrongValue } from '../services/ssm/parameter-rules.ts';
import { expectOnly, type Named } from './named-resource.ts';

/** Returns the value of a parameter that was deployed before, named as in GetParameter; undefined if there is none. */
export type StoredValue = (name: string) => string | undefined;

export function readParameter(resource: Named) {
  const { id, properties, written, refuse } = resource;
  const name = optionalText(properties, 'Name');
  if (name === undefined) refuse('Name is missing; a generated name is not supported. Example: /app/orders');
  expectOnly(resource, 'Type', 'String');
  if ('Tier' in properties) expectOnly(resource, 'Tier', 'Standard');
  // AWS keeps a parameter with another policy when it leaves the template.
  for (const policy of ['DeletionPolicy', 'UpdateReplacePolicy'])
    if (policy in written && written[policy] !== 'Delete') refuse(`${policy} is not supported, only Delete`);
  const value = textAt(properties, 'Value');
  const errors = [
    name === undefined ? undefined : wrongNewName(name),
    wrongValue(value),
    wrongDescription(optionalText(properties, 'Description') ?? ''),
  ];
  for (const error of errors) if (error) refuse(`${error.code}: ${error.message}`);
  return { id, name: name ?? '', value };
}

export function refuseDuplicates(
  parameters: readonly { readonly name: string }[],
  refuse: (finding: string) => void,
): void {
  const names = parameters.map(({ name }) => name);
  for (const name of new Set(names))
    if (names.filter((one) => one === name).length > 1) refuse(`two resources create the parameter ${name}`);
}

/** The type that `StringParameter.valueForStringParameter` of the CDK writes. */
const FROM_STORE = 'AWS::SSM::Parameter::Value<String>';

/**
 * Returns the values of the template's own parameters. CloudFormation reads them before it creates a resource, so a
 * parameter that this deployment creates has no value yet:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 */
export function readTemplateParameters(
  parameters: JsonObject,
  storedValue: StoredValue,
  refuse: (finding: string) => void,
): ReadonlyMap<string, string> {
  return new Map(
    Object.keys(parameters).map((id) => {
      const written = objectAt(parameters, id);
      const refuseIt = (finding: string) => refuse(`Parameters ${id}: ${finding}`);
      return [id, valueOf(written, storedValue, refuseIt)];
    }),
  );
}

function valueOf(written: JsonObject, storedValue: StoredValue, refuse: (finding: string) => void): string {
  for (const member of membersBeyond('Default Description Type', written))
    refuse(`${member} is not supported`);
  const type = optionalText(written, 'Type');
  const name = optionalText(written, 'Default');
  if (type !== FROM_STORE || name === undefined) {
    refuse(`Type ${type} is not supported, only ${FROM_STORE} with a Default`);
    return '';
  }
  const value = storedValue(name);
  // The first sentence as reported: https://github.com/aws-samples/amazon-connect-custom-ccp/issues/2
  if (value === undefined)
    refuse(
      `Unable to fetch parameters [${name}] from parameter store for this account. An earlier deployment must have created it; one that this deployment creates is too late.`,
    );
  return value ?? '';
}

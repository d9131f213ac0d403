// Resolves the intrinsic functions and pseudo parameters of CloudFormation that this project's stack uses, and refuses
// others by name. `readModel` calls it for every property.
import { asText, isList, isObject, type Json } from '../core/json.ts';
import { account, region, type Identity } from './resource-types.ts';

export interface Scope {
  readonly identities: ReadonlyMap<string, Identity>;
  /** The values of the template's parameters. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly refuse: (finding: string) => void;
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::Region': region,
};

export function resolve(value: Json, scope: Scope): Json {
  if (isList(value)) return value.map((item) => resolve(item, scope));
  if (typeof value === 'string' && value.includes('{{resolve:'))
    scope.refuse(`dynamic reference ${value} is not supported`);
  if (!isObject(value)) return value;
  const [key, ...more] = Object.keys(value);
  const isIntrinsic = key !== undefined && more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
  if (isIntrinsic) return call(key, value[key] ?? null, scope);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolve(item, scope)]));
}

function call(name: string, given: Json, scope: Scope): Json {
  if (name === 'Ref' && typeof given === 'string') return reference(given, scope);
  if (name === 'Fn::Sub' && typeof given === 'string')
    return given.replace(/\$\{([^!}][^}]*)\}/g, (_whole, id: string) => reference(id, scope));
  const [first, second] = isList(given) ? given.map((item) => resolve(item, scope)) : [];
  if (name === 'Fn::GetAtt' && typeof first === 'string') return attribute(first, asText(second), scope);
  if (name === 'Fn::Join' && typeof first === 'string' && isList(second))
    return second.map(asText).join(first);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html
  if (name === 'Fn::Split' && typeof first === 'string' && typeof second === 'string')
    return second.split(first);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html
  if (name === 'Fn::Select' && typeof first === 'number' && isList(second) && first in second)
    return second[first] ?? null;
  scope.refuse(`intrinsic function ${name} of ${JSON.stringify(given)} is not supported`);
  return '';
}

function reference(id: string, { identities, parameters, refuse }: Scope): string {
  const value = pseudoParameters[id] ?? parameters.get(id) ?? identities.get(id)?.ref;
  if (value === undefined) refuse(`Ref of ${id}: no such resource, parameter or supported pseudo parameter`);
  return value ?? '';
}

function attribute(id: string, name: string, { identities, refuse }: Scope): string {
  const { arn, url, name: called } = identities.get(id) ?? {};
  if (name === 'Arn' && arn) return arn;
  if (name === 'FunctionUrl' && url) return url;
  if (name === 'QueueName' && called) return called;
  refuse(`Fn::GetAtt of ${id}.${name} is not supported`);
  return '';
}

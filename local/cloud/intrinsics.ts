// Resolves CloudFormation's intrinsic functions and pseudo parameters, as far as our own synth uses them. `readModel`
// calls it for every property; what it does not know it refuses by name.
import { asText, isList, isObject, type Json, type JsonObject } from './json.ts';
import { account, region, type Identity } from './names.ts';

export interface Scope {
  readonly stackName: string;
  readonly identities: ReadonlyMap<string, Identity>;
  readonly refuse: (finding: string) => void;
}

export function resolve(value: Json, scope: Scope): Json {
  if (isList(value)) return value.map((item) => resolve(item, scope));
  if (typeof value === 'string') return refuseDynamicReference(value, scope);
  if (!isObject(value)) return value;
  const [key, ...more] = Object.keys(value);
  const isIntrinsic = key !== undefined && more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
  if (isIntrinsic) return call(key, value[key] ?? null, scope);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolve(item, scope)]));
}

function call(name: string, given: Json, scope: Scope): Json {
  if (name === 'Ref' && typeof given === 'string') return reference(given, scope);
  if (name === 'Fn::Sub' && typeof given === 'string') return substitute(given, {}, scope);
  const values = isList(given) ? given.map((item) => resolve(item, scope)) : [];
  const [first, second] = values;
  if (name === 'Fn::GetAtt' && typeof first === 'string' && typeof second === 'string')
    return attribute(first, second, scope);
  if (name === 'Fn::Join' && typeof first === 'string' && isList(second))
    return second.map(asText).join(first);
  if (name === 'Fn::Split' && typeof first === 'string' && typeof second === 'string')
    return second.split(first);
  if (name === 'Fn::Select' && isList(second)) return second[Number(first)] ?? '';
  if (name === 'Fn::Sub' && typeof first === 'string' && isObject(second))
    return substitute(first, second, scope);
  scope.refuse(`intrinsic function ${name} of ${JSON.stringify(given)} is not supported`);
  return '';
}

function reference(id: string, scope: Scope): string {
  const pseudo = pseudoParameter(id, scope.stackName);
  if (pseudo !== undefined) return pseudo;
  const identity = scope.identities.get(id);
  if (!identity) scope.refuse(`Ref of ${id}: no such resource or supported pseudo parameter`);
  return identity?.ref ?? '';
}

function attribute(id: string, name: string, scope: Scope): string {
  const value = scope.identities.get(id)?.attributes[name];
  if (value === undefined) scope.refuse(`Fn::GetAtt of ${id}.${name} is not supported`);
  return value ?? '';
}

function substitute(text: string, variables: JsonObject, scope: Scope): string {
  return text.replace(/\$\{([^!}][^}]*)\}/g, (_whole, name: string) => {
    const given = variables[name];
    if (typeof given === 'string') return given;
    const [id, member] = name.split('.');
    return id && member ? attribute(id, member, scope) : reference(name, scope);
  });
}

function pseudoParameter(name: string, stackName: string): string | undefined {
  const values: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  return values[name];
}

function refuseDynamicReference(text: string, scope: Scope): string {
  if (text.includes('{{resolve:')) scope.refuse(`dynamic reference ${text} is not supported`);
  return text;
}

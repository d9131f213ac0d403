// Reads and evaluates IAM policies, as far as this project's stack uses them.
// `grants.ts` reads them from the template; `createAccess` evaluates them.
import {
  asText,
  isList,
  isObject,
  membersBeyond,
  objectAt,
  objectsAt,
  textAt,
  type JsonObject,
} from '../../core/json.ts';
import { account } from '../../template/resource-types.ts';

export interface Statement {
  readonly effect: string;
  /** Undefined in an identity-based policy, which applies to the role that it is attached to. */
  readonly principals?: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly wanted: readonly string[];
}

export interface Asked {
  /** A role's ARN, or the name of a service such as `sns.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** ARN of the resource on whose behalf a service makes the call, such as a topic that delivers to a queue. */
  readonly sourceArn?: string;
  /** The tags of the role, if a role makes the call. */
  readonly principalTags?: Readonly<Record<string, string>> | undefined;
  /** The values of service-specific condition keys, such as `s3:if-none-match`, that this request has. */
  readonly requestKeys?: Readonly<Record<string, string>> | undefined;
}

/** The value is undefined if the request does not have the condition key. */
type Operator = (value: string | undefined, wanted: readonly string[]) => boolean;

/**
 * ArnEquals and ArnLike behave identically. A negated operator is also met if the key is missing. Null is met by `true`
 * if the key is missing, and by `false` if it is present:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const operators: Readonly<Record<string, Operator>> = {
  ArnEquals: anyOf(isLike),
  ArnNotEquals: (value, wanted) => !anyOf(isLike)(value, wanted),
  ArnLike: anyOf(isLike),
  Bool: anyOf(isEqual),
  Null: (value, wanted) => wanted.includes(String(value === undefined)),
  StringEquals: anyOf(isEqual),
  StringNotEquals: (value, wanted) => !anyOf(isEqual)(value, wanted),
};

/** The supported condition keys. A call on this machine counts as sent over TLS. */
const contextKeys: Readonly<Record<string, (asked: Asked) => string | undefined>> = {
  'aws:PrincipalArn': ({ principal }) => (principal.startsWith('arn:') ? principal : undefined),
  'aws:SecureTransport': () => 'true',
  'aws:SourceAccount': ({ sourceArn }) => sourceArn && account,
  'aws:SourceArn': ({ sourceArn }) => sourceArn,
  's3:if-none-match': ({ requestKeys }) => requestKeys?.['s3:if-none-match'],
  's3:ObjectCreationOperation': ({ requestKeys }) => requestKeys?.['s3:ObjectCreationOperation'],
};

/**
 * The key ends with the key of a tag. A role's own tags are in each of its requests:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag
 */
const PRINCIPAL_TAG = 'aws:PrincipalTag/';

export function readStatements(
  document: JsonObject,
  refuse: (finding: string) => void,
): readonly Statement[] {
  return objectsAt(document, 'Statement').map((written) => {
    for (const element of membersBeyond('Action Condition Effect Principal Resource Sid', written))
      refuse(`a statement's ${element} is not supported`);
    const statement = {
      effect: textAt(written, 'Effect'),
      actions: textsAt(written, 'Action'),
      resources: textsAt(written, 'Resource'),
      conditions: conditionsOf(objectAt(written, 'Condition')),
    };
    for (const { operator, key } of statement.conditions)
      if (!operators[operator] || !(contextKeys[key] ?? key.startsWith(PRINCIPAL_TAG)))
        refuse(`condition ${operator} of ${key} is not supported`);
    return 'Principal' in written ? { ...statement, principals: principalsOf(written, refuse) } : statement;
  });
}

function conditionsOf(written: JsonObject): readonly Condition[] {
  return Object.keys(written).flatMap((operator) => {
    const keys = objectAt(written, operator);
    return Object.keys(keys).map((key) => ({ operator, key, wanted: textsAt(keys, key) }));
  });
}

function principalsOf(written: JsonObject, refuse: (finding: string) => void): readonly string[] {
  const { Principal } = written;
  if (!isObject(Principal)) return textsAt(written, 'Principal');
  for (const kind of membersBeyond('AWS Service', Principal))
    refuse(`a principal of ${kind} is not supported`);
  const accounts = textsAt(Principal, 'AWS');
  for (const one of accounts) if (one !== '*') refuse(`principal ${one} is not supported`);
  return [...accounts, ...textsAt(Principal, 'Service')];
}

function textsAt(from: JsonObject, key: string): readonly string[] {
  const value = from[key] ?? [];
  return (isList(value) ? value : [value]).map(asText);
}

/**
 * Returns why the statements do not allow the call, worded like the end of AWS's error message. Undefined if they allow
 * it. An explicit Deny overrides any Allow:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function refusalOf(statements: readonly Statement[], asked: Asked): string | undefined {
  const applying = statements.filter((statement) => applies(statement, asked));
  const deny = applying.find(({ effect }) => effect !== 'Allow');
  if (deny) return `with an explicit deny in ${deny.principals ? 'a resource' : 'an identity'}-based policy`;
  if (applying.length > 0) return undefined;
  return `because no identity-based policy allows the ${asked.action} action`;
}

function applies({ principals, actions, resources, conditions }: Statement, asked: Asked): boolean {
  const { principal, action, resource } = asked;
  return (
    (!principals || principals.includes('*') || principals.includes(principal)) &&
    // Actions are case-insensitive.
    actions.some((one) => isLike(action.toLowerCase(), one.toLowerCase())) &&
    resources.some((one) => isLike(resource, one)) &&
    conditions.every((condition) => isMet(condition, asked))
  );
}

function isMet({ operator, key, wanted }: Condition, asked: Asked): boolean {
  const value = key.startsWith(PRINCIPAL_TAG)
    ? asked.principalTags?.[key.slice(PRINCIPAL_TAG.length)]
    : contextKeys[key]?.(asked);
  return operators[operator]?.(value, wanted) ?? false;
}

function anyOf(matches: (value: string, wanted: string) => boolean): Operator {
  return (value, wanted) => value !== undefined && wanted.some((one) => matches(value, one));
}

function isEqual(value: string, wanted: string): boolean {
  return value === wanted;
}

/** `*` in the pattern matches any characters, and `?` matches one character. */
function isLike(value: string, pattern: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(value);
}

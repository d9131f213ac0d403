// The rules of Parameter Store for names and values of parameters. Each function returns AWS's error, or undefined. The
// operations throw it, and the reader of the template refuses the resource.
import { AwsError } from '../../core/operations.ts';
import { arnOf } from '../../template/resource-types.ts';

/**
 * 15 levels, and 1,011 characters including the ARN before the name:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html
 */
const MAX_LEVELS = 15;
const MAX_ARN_LENGTH = 1_011;

/**
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 * AWS's error counts characters, the page says 4 KB. Assumed: bytes, the stricter reading.
 */
const MAX_VALUE_BYTES = 4_096;

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const MAX_DESCRIPTION_LENGTH = 1_024;

/** As reported: https://github.com/boto/boto3/issues/1499 */
const MALFORMED =
  'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';

/** As reported: https://github.com/aws-samples/resource-autotagger/issues/1 */
const NOT_A_PATH =
  'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.';

/** As reported: https://github.com/aws/aws-sdk-net/issues/3157 */
const TOO_LARGE =
  'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html';

const prefix = arnOf('ssm', 'parameter');

/** An ARN has one slash between `parameter` and the name, also for a name that begins with one. */
export function parameterArn(name: string): string {
  return `${prefix}${name.startsWith('/') ? '' : '/'}${name}`;
}

/** The name and the selector, with its colon, in `/app/orders:3`. An ARN may stand in place of the name. */
export function selected(asked: string): { readonly name: string; readonly selector: string | undefined } {
  const [, name = asked, selector] = /^([^:]*)(:.*)?$/.exec(withoutPrefix(asked)) ?? [];
  return { name, selector };
}

/** The ARN that a policy must allow for GetParameter or PutParameter with this name or ARN. */
export function arnOfAsked(asked: string): string {
  const { name } = selected(asked);
  return name.startsWith('arn:') ? name : parameterArn(name);
}

function withoutPrefix(asked: string): string {
  return asked.startsWith(`${prefix}/`) ? asked.slice(prefix.length) : asked;
}

export function wrongName(name: string): AwsError | undefined {
  return isPath(name) ? undefined : invalid(MALFORMED);
}

/** The rules for a new parameter. */
export function wrongNewName(name: string): AwsError | undefined {
  const bare = name.replace(/^\//, '');
  // As reported: https://github.com/aws-cloudformation/cfn-lint/issues/4089
  if (/^aws/i.test(bare))
    return new AwsError('AccessDeniedException', `No access to reserved parameter name: ${bare}.`);
  if (/^ssm/i.test(bare)) return invalid(MALFORMED);
  if (!name.includes('/'))
    return invalid(`Not supported by the local cloud: a name without a slash. Supported: /${name}`);
  // As reported: https://github.com/hashicorp/terraform-provider-aws/issues/7251
  if (!name.startsWith('/')) return invalid('Parameter name must be a fully qualified name.');
  if (name.split('/').length - 1 > MAX_LEVELS)
    return new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${MAX_LEVELS} levels.`,
    );
  if (parameterArn(name).length > MAX_ARN_LENGTH)
    return invalid(`A parameter's name has at most ${MAX_ARN_LENGTH - prefix.length} characters.`);
  return wrongName(name);
}

export function wrongPath(path: string): AwsError | undefined {
  return path === '/' || isPath(path.replace(/\/$/, '')) ? undefined : invalid(NOT_A_PATH);
}

export function wrongValue(value: string): AwsError | undefined {
  if (value === '') return invalid(constraint('', 'value', 'have length greater than or equal to 1'));
  if (Buffer.byteLength(value) > MAX_VALUE_BYTES) return invalid(TOO_LARGE);
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
  if (/\{\{.*\}\}/s.test(value))
    return invalid('Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.');
  return undefined;
}

export function wrongDescription(text: string): AwsError | undefined {
  const wanted = `have length less than or equal to ${MAX_DESCRIPTION_LENGTH}`;
  return text.length > MAX_DESCRIPTION_LENGTH ? invalid(constraint(text, 'description', wanted)) : undefined;
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function constraint(value: string | number, at: string, wanted: string): string {
  return `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: Member must ${wanted}`;
}

function isPath(text: string): boolean {
  return /^(\/[\w.-]+)+$/.test(text);
}

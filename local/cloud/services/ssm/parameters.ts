// The store of Parameter Store: finds parameters with their versions, and applies the parameters of the template at each
// deployment. The operations, `startCloud` and updates of the stack use it.
import type { CloudContext } from '../../core/context.ts';
import { AwsError } from '../../core/operations.ts';
import type { CloudState, Parameter, ParameterVersion } from '../../core/state.ts';
import type { Model } from '../../template/resource-readers.ts';
import type { StoredValue } from '../../template/parameters.ts';
import { selected, wrongName } from './parameter-rules.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html */
const KEPT_VERSIONS = 100;

export interface Found {
  readonly name: string;
  /** As in the request, with the colon. Undefined if the request has no selector. */
  readonly selector: string | undefined;
  readonly version: ParameterVersion;
}

/** @param asked a name or an ARN, with or without a version: `/app/orders:3` */
export function find({ parameters }: Pick<CloudState, 'parameters'>, asked: string): Found {
  const { name, selector } = selected(asked);
  // `orders` and `/orders` are one parameter, and the answer has the name that was asked for:
  // https://github.com/localstack/localstack/blob/03f5cd146a320dda84ca4bc09b54dd10cc25c66a/tests/aws/services/ssm/test_ssm.py
  const key = name.includes('/') ? name : `/${name}`;
  const wrong = wrongName(key);
  if (wrong) throw wrong;
  const versions = parameters[key]?.versions;
  // AWS gives no message: https://github.com/aws/aws-sdk-js/issues/4330
  if (!versions) throw new AwsError('ParameterNotFound', '');
  const version =
    selector === undefined
      ? versions.at(-1)
      : versions.find((one) => String(one.version) === selector.slice(1));
  if (version) return { name, selector, version };
  // As reported: https://github.com/getmoto/moto/pull/3977
  throw new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector?.slice(1)} of ${name}. Verify the version and try again.`,
  );
}

export function storedValue(state: Pick<CloudState, 'parameters'>): StoredValue {
  return (asked) => {
    try {
      return find(state, asked).version.value;
    } catch (error) {
      if (error instanceof AwsError) return undefined;
      throw error;
    }
  };
}

/** Adds a version and returns its number. */
export function addVersion(parameter: Parameter, value: string, changedAt: number): number {
  const version = (parameter.versions.at(-1)?.version ?? 0) + 1;
  parameter.versions = [...parameter.versions, { version, value, changedAt }].slice(-KEPT_VERSIONS);
  return version;
}

/**
 * CloudFormation creates before it deletes, so it cannot create a parameter that exists, not even one that another resource
 * of the stack created: https://github.com/aws/aws-cdk/issues/31058
 */
export function conflicts(
  parameters: Model['parameters'],
  state: Pick<CloudState, 'parameters'>,
): readonly string[] {
  return parameters
    .filter(({ id, name }) => state.parameters[name] && state.parameters[name].deployed?.id !== id)
    .map(({ id, name }) => `AWS::SSM::Parameter ${id}: ${name} already exists`);
}

/**
 * Creates, changes and deletes parameters as CloudFormation does: it compares the template with the template that was
 * deployed before, and does not look at what PutParameter changed since then:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
 */
export function deployParameters({
  model,
  state,
  clock,
}: Pick<CloudContext, 'model' | 'state' | 'clock'>): void {
  for (const { id, name, value } of model.parameters) {
    const parameter = (state.parameters[name] ??= { versions: [] });
    if (parameter.deployed?.value !== value) addVersion(parameter, value, clock.now());
    parameter.deployed = { id, value };
  }
  const names = model.parameters.map(({ name }) => name);
  for (const [name, { deployed }] of Object.entries(state.parameters))
    if (deployed !== undefined && !names.includes(name)) delete state.parameters[name];
}

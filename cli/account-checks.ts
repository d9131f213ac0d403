// Checks of the AWS account before a deployment: CDK's bootstrap, the KMS key and the limit on concurrency.
// `preflight.ts` calls them.
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import type { Check, Found } from './check.ts';
import { DEFAULT_QUALIFIER } from './settings.ts';

/** The same minimum as in the rule CheckBootstrapVersion of CDK 2's templates. */
const MIN_BOOTSTRAP_VERSION = 6;

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html */
const MIN_UNRESERVED = 100;

/**
 * CDK 2 stores its bootstrap version in an SSM parameter. The names of the parameter and the roles contain the
 * qualifier:
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export async function bootstrapVersion(qualifier: string): Promise<Found> {
  const isCustom = qualifier !== DEFAULT_QUALIFIER;
  const flags = isCustom ? ` --qualifier ${qualifier} --toolkit-stack-name CDKToolkit-${qualifier}` : '';
  const remedy = `Run this once per account and region: npx cdk bootstrap${flags}`;
  const parameter = `/cdk-bootstrap/${qualifier}/version`;
  try {
    const { Parameter } = await new SSMClient().send(new GetParameterCommand({ Name: parameter }));
    const version = Number(Parameter?.Value);
    const isOutdated = !(version >= MIN_BOOTSTRAP_VERSION);
    const account = Parameter?.ARN?.split(':')[4];
    const where = account ? ` in account ${account}` : '';
    const roles = isCustom ? `; deploys with the roles cdk-${qualifier}-…` : '';
    return { found: `version ${Parameter?.Value}${where}${roles}`, ...(isOutdated ? { remedy } : {}) };
  } catch (error) {
    if (error instanceof ParameterNotFound) return { found: `not found (${parameter})`, remedy };
    throw error;
  }
}

export function checkKey(keyArn: string, region: string): Check {
  const what = 'KMS key';
  const of = keyArn.split(':')[3];
  if (of === region)
    return { what, found: keyArn, note: 'Its policy must allow what docs/guides/deploy-aws.md lists.' };
  return { what, found: `is in ${of}`, remedy: `Set kmsKeyArn to the ARN of a key in ${region}.` };
}

export async function checkConcurrency(wanted: number): Promise<Found> {
  const { AccountLimit } = await new LambdaClient().send(new GetAccountSettingsCommand());
  const limit = AccountLimit?.ConcurrentExecutions ?? 0;
  const found = `${wanted} of the ${limit} concurrent executions of this account and region`;
  if (wanted <= limit - MIN_UNRESERVED) return found;
  return {
    found,
    remedy: `Lambda keeps ${MIN_UNRESERVED} unreserved. Set botConcurrency to 0, or request a higher quota: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html`,
  };
}

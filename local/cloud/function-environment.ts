// The environment variables that Lambda sets for a function, beside those of the template. `lambda.ts` gives them to
// each worker.
import { dirname } from 'node:path';
import { region } from './names.ts';
import type { FunctionModel } from './readers.ts';

/** The names Lambda reserves: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export function functionEnvironment(
  called: FunctionModel,
  endpoint: string,
): Readonly<Record<string, string>> {
  return {
    ...called.environment,
    AWS_ACCESS_KEY_ID: called.accessKeyId,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(called.memorySize),
    AWS_LAMBDA_FUNCTION_NAME: called.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${called.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LAMBDA_TASK_ROOT: dirname(called.bundle),
    TZ: ':UTC',
    _HANDLER: `index.${called.handler}`,
  };
}

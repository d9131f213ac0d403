// The operations of the Lambda API that are supported, by their REST paths. The gateway calls them.
import { AwsError } from './aws-error.ts';
import type { JsonObject } from './json.ts';
import { account, functionName } from './names.ts';
import type { FunctionModel } from './readers.ts';

interface FunctionsOptions {
  readonly functions: readonly FunctionModel[];
  /** The address on this machine, by the ARN of a function that has a URL. */
  readonly urls: ReadonlyMap<string, string>;
  readonly startedAt: number;
}

/** The answer to GET of a path, or undefined if the path is not supported. */
export type FunctionOperations = (path: string) => JsonObject | undefined;

export function functionOperations({ functions, urls, startedAt }: FunctionsOptions): FunctionOperations {
  const at = new Date(startedAt).toISOString().replace('Z', '+0000');

  return (path) => {
    if (/^\/2015-03-31\/functions\/?$/.test(path)) return { Functions: functions.map(described) };
    const name = /^\/2021-10-31\/functions\/([^/]+)\/url$/.exec(path)?.[1];
    return name === undefined ? undefined : urlConfig(functionName(decodeURIComponent(name)));
  };

  function described({ name, arn, role, handler, timeoutSeconds, memorySize }: FunctionModel): JsonObject {
    return {
      FunctionName: name,
      FunctionArn: arn,
      Runtime: 'nodejs24.x',
      Role: role,
      Handler: `index.${handler}`,
      Timeout: timeoutSeconds,
      MemorySize: memorySize,
      LastModified: at,
      PackageType: 'Zip',
      Version: '$LATEST',
    };
  }

  function urlConfig(asked: string): JsonObject {
    const called = functions.find(({ name }) => name === asked);
    const url = called && urls.get(called.arn);
    if (!called || !url) {
      const resource = `arn:aws:lambda:us-east-1:${account}:function:${asked}`;
      throw new AwsError(
        'ResourceNotFoundException',
        `The resource you requested does not exist: URL of ${resource}`,
        404,
      );
    }
    return {
      FunctionUrl: url,
      FunctionArn: called.arn,
      AuthType: 'NONE',
      InvokeMode: 'BUFFERED',
      CreationTime: at,
      LastModifiedTime: at,
    };
  }
}

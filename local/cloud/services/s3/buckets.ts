// S3 with the buckets of the template: reads a request, checks its permissions, runs its operation and answers. The
// gateway passes it every request that is signed for S3.
import type { CloudContext } from '../../core/context.ts';
import { AwsError } from '../../core/operations.ts';
import type { AuthorizeAction } from '../../gateway/authorize.ts';
import type { Buckets } from '../../gateway/gateway.ts';
import { answerOf, write, type S3Answer } from './answers.ts';
import { listBuckets, listObjects, listVersions } from './list-operations.ts';
import { lockOperations } from './lock-operations.ts';
import { objectOperations, type Caller, type S3Operation } from './object-operations.ts';
import { permissionsOf } from './permissions.ts';
import { readRequest, type OperationName, type S3Request } from './requests.ts';
import type { Bucket } from './stored-versions.ts';

export function createBuckets(context: CloudContext, authorize: AuthorizeAction): Buckets {
  const { model, state, saved } = context;
  const operations: Readonly<Record<Exclude<OperationName, 'ListBuckets'>, S3Operation>> = {
    ...objectOperations(context),
    ...lockOperations(context),
    ListObjectsV2: listObjects,
    ListObjectVersions: listVersions,
  };

  function answerTo(request: S3Request, accessKeyId: string): S3Answer {
    for (const { action, resource, requestKeys } of permissionsOf(request))
      authorize(accessKeyId, action, resource, requestKeys);
    if (request.operation === 'ListBuckets') return listBuckets(model.buckets, state.startedAt);
    return operations[request.operation](request, bucketOf(request), callerOf(request, accessKeyId));
  }

  function bucketOf({ bucket }: S3Request): Bucket {
    const found = model.buckets.find(({ name }) => name === bucket);
    if (!found) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist');
    return { model: found, versions: (state.buckets[found.name] ??= []) };
  }

  function callerOf({ bucket, key }: S3Request, accessKeyId: string): Caller {
    const arn = `arn:aws:s3:::${bucket}`;
    return {
      mayList: () => authorize(accessKeyId, 's3:ListBucket', arn),
      may: (action) => !isRefused(() => authorize(accessKeyId, action, `${arn}/${key}`)),
    };
  }

  return async (httpRequest, accessKeyId, body, response) => {
    const answer = tried(() => answerTo(readRequest(httpRequest, body), accessKeyId));
    // Reads change nothing, so their answers need not wait.
    if (httpRequest.method !== 'GET') await saved();
    write(answer, response);
  };
}

function tried(call: () => S3Answer): S3Answer {
  try {
    return call();
  } catch (error) {
    if (error instanceof AwsError) return answerOf(error);
    throw error;
  }
}

function isRefused(call: () => void): boolean {
  try {
    call();
    return false;
  } catch (error) {
    if (error instanceof AwsError) return true;
    throw error;
  }
}

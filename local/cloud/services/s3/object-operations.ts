// S3's operations that put, get and delete objects. `buckets.ts` calls them after it checked the permissions.
import { createHash } from 'node:crypto';
import type { CloudContext } from '../../core/context.ts';
import { AwsError } from '../../core/operations.ts';
import type { S3Answer } from './answers.ts';
import { checkBody, hasChecksum } from './checksums.ts';
import { checkDeletion, locksOf } from './object-lock.ts';
import { isBypassing } from './permissions.ts';
import type { S3Request } from './requests.ts';
import {
  addVersion,
  createVersionId,
  currentVersion,
  findVersion,
  storedObject,
  type Bucket,
  type StoredObject,
} from './stored-versions.ts';

/** The caller's other permissions, which change what an operation answers. */
export interface Caller {
  /** Throws if the caller may not list the bucket. */
  readonly mayList: () => void;
  readonly may: (action: string) => boolean;
}

export type S3Operation = (request: S3Request, bucket: Bucket, caller: Caller) => S3Answer;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

export function objectOperations({ clock }: Pick<CloudContext, 'clock'>) {
  return {
    PutObject(request: S3Request, bucket: Bucket): S3Answer {
      const { key, body, header, headers } = request;
      if (Buffer.byteLength(key) > MAX_KEY_BYTES)
        throw new AwsError('KeyTooLongError', 'Your key is too long');
      checkCondition(request, bucket);
      const locks = locksOf(request, bucket, clock.now());
      if ((locks.retention || locks.legalHold) && !hasChecksum(request)) throw checksumMissing();
      const checksums = checkBody(request);
      const versionId = createVersionId();
      const content = {
        body: body.toString('base64'),
        size: body.length,
        etag: `"${createHash('md5').update(body).digest('hex')}"`,
        contentType: header('content-type') ?? 'binary/octet-stream',
        headers: { ...headers('x-amz-meta-'), ...checksums },
      };
      addVersion(bucket, { key, versionId, createdAt: clock.now(), content, ...locks });
      return {
        status: 200,
        headers: { etag: content.etag, 'x-amz-version-id': versionId, ...encrypted, ...checksums },
      };
    },
    GetObject({ key, query, header }: S3Request, bucket: Bucket, caller: Caller): S3Answer {
      const found = storedObject(bucket, key, query.get('versionId'), caller.mayList);
      const { content, createdAt, versionId } = found;
      const withChecksums = header('x-amz-checksum-mode') === 'ENABLED';
      return {
        status: 200,
        headers: {
          etag: content.etag,
          'accept-ranges': 'bytes',
          'content-type': content.contentType,
          'content-length': content.size,
          'last-modified': new Date(createdAt).toUTCString(),
          'x-amz-version-id': versionId,
          ...encrypted,
          ...Object.fromEntries(
            Object.entries(content.headers).filter(
              ([name]) => withChecksums || !name.startsWith('x-amz-checksum-'),
            ),
          ),
          ...visibleLocks(found, caller),
        },
        body: Buffer.from(content.body, 'base64'),
      };
    },
    DeleteObject(request: S3Request, bucket: Bucket): S3Answer {
      const { key, query, header } = request;
      if (header('x-amz-bypass-governance-retention') !== undefined && !bucket.model.hasObjectLock)
        throw new AwsError(
          'InvalidArgument',
          'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
        );
      const versionId = query.get('versionId');
      if (versionId === null) {
        const marker = { key, versionId: createVersionId(), createdAt: clock.now() };
        addVersion(bucket, marker);
        return deleted(marker.versionId, true);
      }
      const version = findVersion(bucket, key, versionId);
      // A version that does not exist counts as deleted (assumed for an id that never existed).
      if (!version) return deleted(versionId, false);
      checkDeletion(version, clock.now(), isBypassing(request));
      bucket.versions.splice(bucket.versions.indexOf(version), 1);
      return deleted(versionId, version.content === undefined);
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html */
const encrypted = { 'x-amz-server-side-encryption': 'AES256' };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function checkCondition({ key, header }: S3Request, bucket: Bucket): void {
  const ifNoneMatch = header('if-none-match');
  if (ifNoneMatch === undefined) return;
  if (ifNoneMatch !== '*')
    throw new AwsError(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    );
  if (currentVersion(bucket, key)?.content)
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
}

/** As reported: https://github.com/versity/versitygw/issues/1535 */
function checksumMissing(): AwsError {
  return new AwsError(
    'InvalidRequest',
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  );
}

/** Callers see each lock only with its permission: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
function visibleLocks({ retention, legalHold }: StoredObject, { may }: Caller) {
  return {
    ...(retention &&
      may('s3:GetObjectRetention') && {
        'x-amz-object-lock-mode': retention.mode,
        'x-amz-object-lock-retain-until-date': new Date(retention.until).toISOString(),
      }),
    ...(legalHold && may('s3:GetObjectLegalHold') && { 'x-amz-object-lock-legal-hold': legalHold }),
  };
}

function deleted(versionId: string, isMarker: boolean): S3Answer {
  return {
    status: 204,
    headers: { 'x-amz-version-id': versionId, ...(isMarker && { 'x-amz-delete-marker': 'true' }) },
  };
}

// Finds and adds the versions of a bucket's objects. The operations of S3 use it.
import { randomBytes } from 'node:crypto';
import type { ObjectContent, ObjectVersion } from '../../core/state.ts';
import { AwsError } from '../../core/operations.ts';
import type { BucketModel } from '../../template/resource-readers.ts';

export interface Bucket {
  readonly model: BucketModel;
  /** In the order of lists: by key in UTF-8 binary order, then the newest first. */
  readonly versions: ObjectVersion[];
}

/** A version that is not a delete marker. */
export type StoredObject = ObjectVersion & { readonly content: ObjectContent };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

export function createVersionId(): string {
  return randomBytes(24).toString('base64url');
}

/** Adds a version, which becomes the current one of its key. */
export function addVersion({ versions }: Bucket, version: ObjectVersion): void {
  // Most keys begin with a date, so that most new ones belong at the end.
  const before = versions.findLastIndex(({ key }) => compareKeys(key, version.key) < 0);
  versions.splice(before + 1, 0, version);
}

/** The newest version of each key. */
export function currentVersions({ versions }: Bucket): ReadonlySet<ObjectVersion> {
  return new Set(versions.filter(({ key }, at) => versions[at - 1]?.key !== key));
}

export function currentVersion({ versions }: Bucket, key: string): ObjectVersion | undefined {
  return versions.find((one) => one.key === key);
}

/** Throws InvalidArgument if the text cannot be a version id, as S3 does for a text of another form. */
export function findVersion({ versions }: Bucket, key: string, versionId: string): ObjectVersion | undefined {
  if (!/^[\w-]{32}$/.test(versionId)) throw new AwsError('InvalidArgument', 'Invalid version id specified');
  return versions.find((one) => one.key === key && one.versionId === versionId);
}

/**
 * Returns the version with this id, or, if no id is given, the current version. Throws the errors that were recorded at AWS for
 * a missing one and for a delete marker:
 * https://github.com/localstack/localstack/blob/8b9a79f05846835cf4dff63ab7eefdde9df83783/tests/aws/services/s3/test_s3_api.snapshot.json
 *
 * @param mayList throws if the caller may not list the bucket. Then S3 does not reveal whether an object exists:
 *   https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function storedObject(
  bucket: Bucket,
  key: string,
  versionId: string | null,
  mayList: () => void,
): StoredObject {
  const found = versionId === null ? currentVersion(bucket, key) : findVersion(bucket, key, versionId);
  if (isStored(found)) return found;
  mayList();
  if (found && versionId !== null)
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  throw versionId === null
    ? new AwsError('NoSuchKey', 'The specified key does not exist.')
    : new AwsError('NoSuchVersion', 'The specified version does not exist.');
}

function isStored(version: ObjectVersion | undefined): version is StoredObject {
  return version?.content !== undefined;
}

// The IAM permissions that a request to S3 needs. `buckets.ts` checks each of them.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
import type { OperationName, S3Request } from './requests.ts';

export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html */
  readonly requestKeys?: Readonly<Record<string, string>>;
}

/** The action of each operation that needs one, whatever the request contains. */
const actions: Readonly<Partial<Record<OperationName, string>>> = {
  ListBuckets: 's3:ListAllMyBuckets',
  GetObjectRetention: 's3:GetObjectRetention',
  GetObjectLegalHold: 's3:GetObjectLegalHold',
  PutObjectRetention: 's3:PutObjectRetention',
  PutObjectLegalHold: 's3:PutObjectLegalHold',
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
};

export function permissionsOf(request: S3Request): readonly Permission[] {
  const resource = arnOf(request);
  if (request.operation === 'PutObject') return permissionsToPut(request);
  const needed = [actions[request.operation] ?? actionOnVersion(request)];
  // Required with the header even if nothing is locked (assumed: the page names it only for a locked version).
  if (isBypassing(request)) needed.push('s3:BypassGovernanceRetention');
  return needed.map((action) => ({ action, resource }));
}

export function isBypassing({ header }: S3Request): boolean {
  return header('x-amz-bypass-governance-retention')?.toLowerCase() === 'true';
}

function arnOf({ bucket, key }: S3Request): string {
  if (bucket === '') return '*';
  return `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
}

function actionOnVersion({ operation, query }: S3Request): string {
  return `s3:${operation}${query.has('versionId') ? 'Version' : ''}`;
}

function permissionsToPut(request: S3Request): readonly Permission[] {
  const resource = arnOf(request);
  const ifNoneMatch = request.header('if-none-match');
  const requestKeys = {
    's3:ObjectCreationOperation': 'true',
    ...(ifNoneMatch !== undefined && { 's3:if-none-match': ifNoneMatch }),
  };
  const locks = Object.keys(request.headers('x-amz-object-lock-'));
  const needed: Permission[] = [{ action: 's3:PutObject', resource, requestKeys }];
  if (locks.includes('x-amz-object-lock-legal-hold'))
    needed.push({ action: 's3:PutObjectLegalHold', resource });
  if (locks.some((name) => name !== 'x-amz-object-lock-legal-hold'))
    needed.push({ action: 's3:PutObjectRetention', resource });
  return needed;
}

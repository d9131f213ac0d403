// The rules of Object Lock: which retention and legal hold a new version gets, and what they forbid. The operations of S3
// use it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
// The messages were recorded at AWS, except those with "assumed":
// https://github.com/localstack/localstack/blob/8b9a79f05846835cf4dff63ab7eefdde9df83783/tests/aws/services/s3/test_s3.snapshot.json
import { AwsError } from '../../core/operations.ts';
import type { ObjectVersion, Retention } from '../../core/state.ts';
import type { S3Request } from './requests.ts';
import type { Bucket } from './stored-versions.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MODE = 'x-amz-object-lock-mode';
const UNTIL = 'x-amz-object-lock-retain-until-date';

/** Throws the error of S3 if the bucket has no Object Lock. */
export function requireLock({ model }: Bucket): void {
  if (!model.hasObjectLock)
    throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

/** Returns the locks that the headers ask for. The bucket's default retention applies if they name no retention. */
export function locksOf(
  request: S3Request,
  bucket: Bucket,
  now: number,
): Pick<ObjectVersion, 'retention' | 'legalHold'> {
  if (Object.keys(request.headers('x-amz-object-lock-')).length > 0) requireLock(bucket);
  const legalHold = request.header('x-amz-object-lock-legal-hold');
  if (legalHold !== undefined && !isHold(legalHold))
    throw new AwsError('InvalidArgument', 'Legal Hold must be either of ON or OFF'); // assumed
  const retention = retentionOf(request, bucket, now);
  return { ...(retention && { retention }), ...(legalHold && { legalHold }) };
}

function retentionOf({ header }: S3Request, { model }: Bucket, now: number): Retention | undefined {
  const [mode, until] = [header(MODE), header(UNTIL)];
  if ((mode === undefined) !== (until === undefined))
    throw new AwsError('InvalidArgument', `${UNTIL} and ${MODE} must both be supplied`);
  if (mode === undefined || until === undefined) {
    const { defaultRetention } = model;
    return defaultRetention && { mode: defaultRetention.mode, until: now + defaultRetention.days * DAY_MS };
  }
  if (!isMode(mode)) throw new AwsError('InvalidArgument', 'Unknown wormMode directive.');
  return { mode, until: futureDate(until, now) };
}

export function futureDate(text: string, now: number): number {
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
  const time = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new AwsError('InvalidArgument', 'The retain until date must be provided in ISO 8601 format'); // assumed
  if (time <= now) throw new AwsError('InvalidArgument', 'The retain until date must be in the future!');
  return time;
}

/** Throws if the version must not be deleted. Nobody can bypass a legal hold or COMPLIANCE. */
export function checkDeletion(
  { retention, legalHold }: ObjectVersion,
  now: number,
  isBypassing: boolean,
): void {
  if (legalHold === 'ON') throw protectedByLock();
  if (isRetained(retention, now) && !(retention?.mode === 'GOVERNANCE' && isBypassing))
    throw protectedByLock();
}

/**
 * Throws if the retention must not be replaced with this one. Everybody with the permission may extend it in the same
 * mode. A change from GOVERNANCE to COMPLIANCE needs the bypass too (assumed).
 */
export function checkReplacement(
  before: Retention | undefined,
  after: Retention | undefined,
  now: number,
  isBypassing: boolean,
): void {
  if (!before || !isRetained(before, now)) return;
  if (after && after.mode === before.mode && after.until >= before.until) return;
  if (!(before.mode === 'GOVERNANCE' && isBypassing)) throw protectedByLock();
}

export function isHold(text: string | undefined): text is 'ON' | 'OFF' {
  return text === 'ON' || text === 'OFF';
}

export function isMode(text: string | undefined): text is Retention['mode'] {
  return text === 'GOVERNANCE' || text === 'COMPLIANCE';
}

function isRetained(retention: Retention | undefined, now: number): boolean {
  return retention !== undefined && retention.until > now;
}

function protectedByLock(): AwsError {
  return new AwsError('AccessDenied', 'Access Denied because object protected by object lock.');
}

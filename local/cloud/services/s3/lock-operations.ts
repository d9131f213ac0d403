// S3's operations that get and put the retention and the legal hold of a version. `buckets.ts` calls them after it
// checked the permissions.
import type { CloudContext } from '../../core/context.ts';
import { AwsError } from '../../core/operations.ts';
import type { Retention } from '../../core/state.ts';
import type { S3Answer } from './answers.ts';
import { checkBody, hasChecksum } from './checksums.ts';
import { checkReplacement, futureDate, isHold, isMode, requireLock } from './object-lock.ts';
import type { Caller } from './object-operations.ts';
import { isBypassing } from './permissions.ts';
import type { S3Request } from './requests.ts';
import { storedObject, type Bucket, type StoredObject } from './stored-versions.ts';
import { elementText, s3Document } from './xml.ts';

export function lockOperations({ clock }: Pick<CloudContext, 'clock'>) {
  return {
    GetObjectRetention(request: S3Request, bucket: Bucket, caller: Caller): S3Answer {
      const { retention } = lockable(request, bucket, caller);
      if (!retention) throw noLock();
      return {
        status: 200,
        body: s3Document('Retention', [
          ['Mode', retention.mode],
          ['RetainUntilDate', new Date(retention.until).toISOString()],
        ]),
      };
    },
    PutObjectRetention(request: S3Request, bucket: Bucket, caller: Caller): S3Answer {
      checkWrite(request);
      const found = lockable(request, bucket, caller);
      const retention = readRetention(request.body.toString(), clock.now());
      checkReplacement(found.retention, retention, clock.now(), isBypassing(request));
      if (retention) found.retention = retention;
      else delete found.retention;
      return { status: 200 };
    },
    GetObjectLegalHold(request: S3Request, bucket: Bucket, caller: Caller): S3Answer {
      const { legalHold } = lockable(request, bucket, caller);
      if (!legalHold) throw noLock();
      return { status: 200, body: s3Document('LegalHold', [['Status', legalHold]]) };
    },
    PutObjectLegalHold(request: S3Request, bucket: Bucket, caller: Caller): S3Answer {
      checkWrite(request);
      const found = lockable(request, bucket, caller);
      const status = elementText(request.body.toString(), 'Status');
      if (!isHold(status)) throw malformed();
      found.legalHold = status;
      return { status: 200 };
    },
  };
}

function lockable({ key, query }: S3Request, bucket: Bucket, caller: Caller): StoredObject {
  requireLock(bucket);
  return storedObject(bucket, key, query.get('versionId'), caller.mayList);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html; the message is assumed. */
function checkWrite(request: S3Request): void {
  if (!hasChecksum(request))
    throw new AwsError('InvalidRequest', 'Missing required header for this request: Content-MD5');
  checkBody(request);
}

/** Undefined for an empty document, which removes the retention. */
function readRetention(document: string, now: number): Retention | undefined {
  const [mode, until] = [elementText(document, 'Mode'), elementText(document, 'RetainUntilDate')];
  if (mode === undefined && until === undefined && /<Retention[^>]*(\/>|>\s*<\/Retention>)/.test(document))
    return undefined;
  if (!isMode(mode) || until === undefined) throw malformed();
  return { mode, until: futureDate(until, now) };
}

function noLock(): AwsError {
  return new AwsError(
    'NoSuchObjectLockConfiguration',
    'The specified object does not have a ObjectLock configuration',
  );
}

function malformed(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

// The copies of the audit: one object for each entry, in a bucket with Object Lock, so that nobody can change or delete a
// copy before its retention ends. relay-result and the reconciler write the copies, and `cli/audit-verify.ts` compares them
// with the audit table.
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { AuditEntry } from '../domain/audit.ts';
import { RetryLater } from './retry-later.ts';

export interface AuditCopies {
  /** Stores the copy of an entry, unless a copy of an entry with the same `at` and `name` is stored already. */
  put(entry: AuditEntry): Promise<void>;
}

/** An S3 that does not answer must not delay people: the functions copy entries while people wait for a result. */
export function copyingClient(): S3Client {
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };
  return new S3Client({ maxAttempts: 2, requestHandler });
}

/** Another call writes the same copy at this moment. */
class CopyInProgress extends RetryLater {
  override readonly name = 'CopyInProgress';
}

/** @param legalHold whether each copy is stored with a legal hold, which has no end */
export function auditCopies(client: S3Client, bucket: string, legalHold: boolean): AuditCopies {
  return {
    async put(entry) {
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: keyOf(entry),
        Body: toJson(entry),
        ContentType: 'application/json',
        // The policy of the bucket refuses a put without it, because such a put could replace a copy:
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
        IfNoneMatch: '*',
        ...(legalHold ? { ObjectLockLegalHoldStatus: 'ON' } : {}),
      });
      try {
        await client.send(put);
      } catch (error) {
        const { name, message } =
          error instanceof S3ServiceException ? error : new Error('', { cause: error });
        if (name === 'PreconditionFailed') return;
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        if (name === 'ConditionalRequestConflict') throw new CopyInProgress(message, 1);
        throw error;
      }
    },
  };
}

/**
 * Somebody who changed the table can have stored a number that is too large for JSON. It becomes text, so that it does not
 * equal any number.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}` : each));
}

/** A copy as it was written first. `hasLaterVersion`: somebody added a version or a delete marker afterwards. */
export interface StoredCopy {
  readonly key: string;
  readonly entry: AuditEntry;
  /** When S3 stored the copy. */
  readonly copiedAt: Date;
  readonly hasLaterVersion: boolean;
}

const CONCURRENT_READS = 25;

/** The copies of the entries of a month, such as `2026-11` (UTC). */
export async function* copiesOfMonth(
  client: S3Client,
  bucket: string,
  month: string,
): AsyncIterable<StoredCopy> {
  const versions = new Map<string, ObjectVersion[]>();
  const marked = new Set<string | undefined>();
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    const list = new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: `${month}/`,
      KeyMarker: page?.NextKeyMarker,
      VersionIdMarker: page?.NextVersionIdMarker,
    });
    page = await client.send(list);
    for (const { Key } of page.DeleteMarkers ?? []) marked.add(Key);
    for (const version of page.Versions ?? []) {
      const { Key = '' } = version;
      versions.set(Key, [...(versions.get(Key) ?? []), version]);
    }
  } while (page.IsTruncated);
  const read = async ([key, all]: readonly [string, readonly ObjectVersion[]]): Promise<StoredCopy> => {
    // S3 lists the newest version of a key first:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
    const { VersionId, LastModified = new Date(0) } = all.at(-1) ?? {};
    const get = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId });
    const body = (await (await client.send(get)).Body?.transformToString()) ?? '';
    const hasLaterVersion = all.length > 1 || marked.has(key);
    return { key, entry: JSON.parse(body), copiedAt: LastModified, hasLaterVersion };
  };
  const all = [...versions];
  while (all.length > 0) yield* await Promise.all(all.splice(0, CONCURRENT_READS).map(read));
}

/** The key of the copy of an entry. */
export function keyOf({ at, name }: AuditEntry): string {
  return `${at.slice(0, 7)}/${at} ${name}.json`;
}

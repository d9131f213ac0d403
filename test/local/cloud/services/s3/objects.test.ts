// Tests objects in the local cloud's S3: puts, conditional puts, versions, checksums and what is not supported.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import {
  Bucket,
  bucket,
  clientOf,
  defaultRetention,
  outcome,
  shortcuts,
  startBucket,
} from './audit-bucket.ts';

const Key = '2026-11/2026-11-26T120000.123Z-abc.json';
const preconditionFailed =
  '412 PreconditionFailed: At least one of the pre-conditions you specified did not hold';

describe('an object', () => {
  it('is read as it was put, with its type, metadata, checksum and version', async () => {
    const { s3, clock, put } = await startBucket();
    const Body = 'é'.repeat(1000);
    const { VersionId, ETag, ChecksumCRC32 } = await put(Key, Body, {
      ContentType: 'application/json',
      Metadata: { by: 'me' },
    });
    const read = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await read.Body?.transformToString()).toBe(Body);
    expect(VersionId).toMatch(/^[\w-]{32}$/);
    expect(ETag).toBe(`"${createHash('md5').update(Body).digest('hex')}"`);
    expect(ChecksumCRC32).toMatch(/^[\w+/]{6}==$/);
    expect(read).toMatchObject({
      ContentType: 'application/json',
      ContentLength: 2000,
      Metadata: { by: 'me' },
      VersionId,
      ETag,
      ChecksumCRC32,
    });
    expect(Math.abs(Number(read.LastModified) - clock.now())).toBeLessThan(5000);
  });

  it.each(['a b+c:d/é.json', '%41&<"x">\'(y)!*?#', 'a//b/', '__proto__'])(
    'may have the key %s',
    async (key) => {
      const { put, text, s3 } = await startBucket();
      await put(key, 'content');
      expect(await text(key)).toBe('content');
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
      expect(Contents?.map((one) => one.Key)).toEqual([key]);
    },
  );

  it('may have a key of at most 1024 bytes', async () => {
    const { put } = await startBucket();
    expect(await outcome(put('é'.repeat(512)))).toBe('done');
    expect(await outcome(put(`${'é'.repeat(512)}a`))).toBe('400 KeyTooLongError: Your key is too long');
  });

  it('gets a new version with each put, and every version stays readable', async () => {
    const { put, text } = await startBucket();
    const first = await put(Key, 'first');
    await put(Key, 'second');
    expect([await text(Key), await text(Key, first.VersionId)]).toEqual(['second', 'first']);
  });

  it('is put only once with If-None-Match, and again after a delete marker', async () => {
    const { s3, put, text } = await startBucket();
    const putOnce = (body: string) => outcome(put(Key, body, { IfNoneMatch: '*' }));
    expect(await putOnce('first')).toBe('done');
    expect(await putOnce('second')).toBe(preconditionFailed);
    expect(await text(Key)).toBe('first');
    const { DeleteMarker } = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(DeleteMarker).toBe(true);
    expect(await putOnce('third')).toBe('done');
  });

  it('is put by one of many callers at the same time', async () => {
    const { put } = await startBucket();
    const all = await Promise.all([1, 2, 3, 4].map(() => outcome(put(Key, '{}', { IfNoneMatch: '*' }))));
    expect(all.toSorted()).toEqual([preconditionFailed, preconditionFailed, preconditionFailed, 'done']);
  });
});

describe('a missing object', () => {
  it('is reported as in S3', async () => {
    const { s3, put, text } = await startBucket();
    const { VersionId } = await put(Key);
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await outcome(text('other'))).toBe('404 NoSuchKey: The specified key does not exist.');
    expect(await outcome(text(Key))).toBe('404 NoSuchKey: The specified key does not exist.');
    expect(await outcome(text('other', VersionId))).toBe(
      '404 NoSuchVersion: The specified version does not exist.',
    );
    expect(await outcome(text(Key, 'short'))).toBe('400 InvalidArgument: Invalid version id specified');
    expect(await outcome(text(Key, marker.VersionId))).toBe(
      '405 MethodNotAllowed: The specified method is not allowed against this resource.',
    );
    const elsewhere = s3.send(new GetObjectCommand({ Bucket: 'other', Key }));
    expect(await outcome(elsewhere)).toBe('404 NoSuchBucket: The specified bucket does not exist');
  });

  it('counts as deleted', async () => {
    const { s3, put, text } = await startBucket();
    const { VersionId } = await put(Key, 'kept');
    const remove = (id: string | undefined) =>
      s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: id }));
    const marker = await remove(undefined);
    expect(await remove(marker.VersionId)).toMatchObject({ DeleteMarker: true });
    expect(await remove(marker.VersionId)).not.toHaveProperty('DeleteMarker');
    expect(await text(Key)).toBe('kept');
    expect(await remove(VersionId)).toMatchObject({ VersionId, $metadata: { httpStatusCode: 204 } });
    expect(await outcome(text(Key))).toMatch('NoSuchKey');
  });
});

describe('a checksum', () => {
  it.each([
    [{ ChecksumCRC32: 'AAAAAA==' }, 'BadDigest: The CRC32 you specified did not match'],
    [{ ChecksumSHA256: `${'A'.repeat(43)}=` }, 'BadDigest: The SHA256 you specified did not match'],
    [{ ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }, 'BadDigest: The Content-MD5 you specified did not match'],
    [{ ChecksumCRC32: 'AAAA' }, 'InvalidRequest: Value for x-amz-checksum-crc32 header is invalid.'],
    [
      { ChecksumCRC32: 'AAAAAA==', ChecksumSHA1: 'a' },
      'InvalidRequest: Expecting a single x-amz-checksum- header',
    ],
    [
      { ChecksumCRC32C: 'AAAAAA==' },
      'NotImplemented: The local cloud has no s3 header x-amz-checksum-crc32c',
    ],
  ])('%j is refused if it is wrong', async (checksum, error) => {
    const { put, text } = await startBucket();
    expect(await outcome(put(Key, 'content', checksum))).toContain(error);
    expect(await outcome(text(Key))).toMatch('NoSuchKey');
  });

  it('is required for a put that gets a lock', async () => {
    const { cloud } = await startBucket(bucket(defaultRetention('GOVERNANCE', 1)));
    const { put } = shortcuts(clientOf(cloud.url, { requestChecksumCalculation: 'WHEN_REQUIRED' }));
    expect(await outcome(put(Key))).toBe(
      '400 InvalidRequest: Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
    const ContentMD5 = createHash('md5').update('{}').digest('base64');
    expect(await outcome(put(Key, '{}', { ContentMD5 }))).toBe('done');
  });

  it('is not required for a put without a lock', async () => {
    const { cloud } = await startBucket();
    const { put } = shortcuts(clientOf(cloud.url, { requestChecksumCalculation: 'WHEN_REQUIRED' }));
    expect(await outcome(put(Key))).toBe('done');
    expect(await outcome(put(Key, '{}', { ObjectLockLegalHoldStatus: 'ON' }))).toMatch('InvalidRequest');
  });
});

it('lists the buckets', async () => {
  const { s3 } = await startBucket();
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  expect(Buckets).toEqual([{ Name: Bucket, CreationDate: expect.any(Date) }]);
});

describe('S3 refuses by name', () => {
  it('operations that it does not support', async () => {
    const { s3 } = await startBucket();
    const unsupported = [
      s3.send(new ListObjectsCommand({ Bucket })),
      s3.send(new GetBucketPolicyCommand({ Bucket })),
      s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } })),
    ];
    const errors = await Promise.all(unsupported.map(outcome));
    expect(errors.map((error) => /has no s3 ([^.]*)/.exec(error)?.[1])).toEqual([
      'GET /audit/',
      'GET /audit/?policy=',
      'POST /audit/?delete=',
    ]);
    expect(errors.every((error) => error.startsWith('501 NotImplemented'))).toBe(true);
    expect(await outcome(s3.send(new HeadObjectCommand({ Bucket, Key })))).toMatch('501');
  });

  it.each([
    [{ IfMatch: '"a"' }, 'header if-match of PutObject'],
    [{ Tagging: 'a=b' }, 'header x-amz-tagging of PutObject'],
    [{ StorageClass: 'GLACIER' as const }, 'header x-amz-storage-class of PutObject'],
    [{ ContentEncoding: 'gzip' }, 'header content-encoding of PutObject'],
    [{ IfNoneMatch: '"a"' }, 'A header you provided implies functionality that is not implemented'],
  ])('%j of a put', async (more, error) => {
    const { put } = await startBucket();
    expect(await outcome(put(Key, '{}', more))).toContain(error);
  });

  it('other parts of requests', async () => {
    const { s3, put } = await startBucket();
    const delimited = s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(await outcome(delimited)).toContain('delimiter=%2F');
    const part = s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-1' }));
    expect(await outcome(part)).toContain('header range of GetObject');
    const Body = Readable.from(['a']);
    expect(await outcome(put(Key, undefined, { Body, ContentLength: 1 }))).toContain('aws-chunked body');
  });

  it('a request that a web page sends', async () => {
    const { cloud } = await startBucket();
    const authorization = 'AWS4-HMAC-SHA256 Credential=a/20261126/us-east-1/s3/aws4_request';
    const send = (headers: Record<string, string>) =>
      fetch(`${cloud.url}/audit/a`, { method: 'PUT', headers: { authorization, ...headers }, body: 'x' });
    expect((await send({ origin: 'https://example.com' })).status).toBe(403);
    expect((await send({})).status).toBe(200);
  });
});

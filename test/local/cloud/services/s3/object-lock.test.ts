// Tests Object Lock in the local cloud's S3: what retention and a legal hold forbid, until when, and who can bypass them.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  type ObjectLockRetention,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Bucket, bucket, clientOf, DAY_MS, defaultRetention, outcome, startBucket } from './audit-bucket.ts';

const Key = 'a';
const isProtected = '403 AccessDenied: Access Denied because object protected by object lock.';

async function startLocked(mode?: string) {
  const world = await startBucket(bucket(mode === undefined ? {} : defaultRetention(mode, 2)));
  const { s3, clock, put } = world;
  const { VersionId } = await put(Key);
  const version = { Bucket, Key, VersionId };
  return {
    ...world,
    version,
    inDays: (days: number) => new Date(clock.now() + days * DAY_MS),
    remove: (BypassGovernanceRetention?: boolean) =>
      outcome(s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention }))),
    retain: (Retention: ObjectLockRetention, BypassGovernanceRetention?: boolean) =>
      outcome(s3.send(new PutObjectRetentionCommand({ ...version, Retention, BypassGovernanceRetention }))),
    hold: (Status: 'ON' | 'OFF') =>
      outcome(s3.send(new PutObjectLegalHoldCommand({ ...version, LegalHold: { Status } }))),
    retention: async () => (await s3.send(new GetObjectRetentionCommand(version))).Retention,
  };
}

describe('a default retention', () => {
  it.each(['GOVERNANCE', 'COMPLIANCE'])('of %s protects a version until it ends', async (mode) => {
    const { cloud, clock, remove, retention } = await startLocked(mode);
    const { Mode, RetainUntilDate } = (await retention()) ?? {};
    expect(Mode).toBe(mode);
    expect(Math.abs(Number(RetainUntilDate) - clock.now() - 2 * DAY_MS)).toBeLessThan(5000);
    expect(await remove()).toBe(isProtected);
    await cloud.advance(2 * DAY_MS - 60_000);
    expect(await remove()).toBe(isProtected);
    await cloud.advance(120_000);
    expect(await remove()).toBe('done');
  });

  it('does not forbid a delete marker, a new version, or the removal of the marker', async () => {
    const { s3, put, text, version } = await startLocked('COMPLIANCE');
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await outcome(text(Key))).toMatch('NoSuchKey');
    expect(await text(Key, version.VersionId)).toBe('{}');
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: marker.VersionId }));
    expect(await text(Key)).toBe('{}');
    expect(await outcome(put(Key, 'new'))).toBe('done');
  });

  it('gives way to the retention of the put', async () => {
    const { s3, put, inDays } = await startLocked('GOVERNANCE');
    const ObjectLockRetainUntilDate = inDays(9);
    await put('b', '{}', {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate,
      ObjectLockLegalHoldStatus: 'ON',
    });
    expect(await s3.send(new GetObjectCommand({ Bucket, Key: 'b' }))).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate,
      ObjectLockLegalHoldStatus: 'ON',
    });
  });
});

describe('the bypass of an operator', () => {
  it('deletes a version under GOVERNANCE', async () => {
    const { remove, text } = await startLocked('GOVERNANCE');
    expect(await remove(false)).toBe(isProtected);
    expect(await remove(true)).toBe('done');
    expect(await outcome(text(Key))).toMatch('NoSuchKey');
  });

  it('does not delete a version under COMPLIANCE', async () => {
    const { remove, text } = await startLocked('COMPLIANCE');
    expect(await remove(true)).toBe(isProtected);
    expect(await text(Key)).toBe('{}');
  });

  it('does not end a legal hold', async () => {
    const { remove, hold } = await startLocked('GOVERNANCE');
    expect(await hold('ON')).toBe('done');
    expect(await remove(true)).toBe(isProtected);
    expect(await hold('OFF')).toBe('done');
    expect(await remove(true)).toBe('done');
  });

  it('is refused for a bucket without Object Lock', async () => {
    const { s3 } = await startBucket(bucket({ ObjectLockEnabled: false }));
    const deleted = s3.send(new DeleteObjectCommand({ Bucket, Key, BypassGovernanceRetention: true }));
    expect(await outcome(deleted)).toMatch('is only applicable to Object Lock enabled buckets');
  });
});

describe('PutObjectRetention', () => {
  it('extends COMPLIANCE, and never shortens, weakens or removes it', async () => {
    const { retain, inDays, retention } = await startLocked('COMPLIANCE');
    const RetainUntilDate = inDays(3);
    expect(await retain({ Mode: 'COMPLIANCE', RetainUntilDate })).toBe('done');
    expect(await retain({ Mode: 'COMPLIANCE', RetainUntilDate: inDays(2) }, true)).toBe(isProtected);
    expect(await retain({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(4) }, true)).toBe(isProtected);
    expect(await retain({}, true)).toBe(isProtected);
    expect(await retention()).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate });
  });

  it('extends GOVERNANCE, and changes it otherwise only with the bypass', async () => {
    const { retain, inDays, remove } = await startLocked('GOVERNANCE');
    expect(await retain({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(3) })).toBe('done');
    expect(await retain({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) })).toBe(isProtected);
    expect(await retain({ Mode: 'COMPLIANCE', RetainUntilDate: inDays(4) })).toBe(isProtected);
    expect(await retain({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) }, true)).toBe('done');
    expect(await retain({})).toBe(isProtected);
    expect(await retain({}, true)).toBe('done');
    expect(await remove()).toBe('done');
  });

  it('replaces a retention that has ended', async () => {
    const { cloud, retain, inDays } = await startLocked('COMPLIANCE');
    await cloud.advance(3 * DAY_MS);
    expect(await retain({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) })).toBe('done');
  });

  it.each([
    [
      { Mode: 'GOVERNANCE' as const, RetainUntilDate: new Date(0) },
      'The retain until date must be in the future!',
    ],
    [{ Mode: 'GOVERNANCE' as const }, 'The XML you provided was not well-formed'],
    [{ Mode: 'WORM' as 'GOVERNANCE', RetainUntilDate: new Date(1e13) }, 'The XML you provided'],
  ])('refuses %j', async (retention, error) => {
    const { retain } = await startLocked();
    expect(await retain(retention)).toContain(error);
  });

  it('refuses a wrong checksum and a missing one', async () => {
    const { s3, cloud, version, inDays } = await startLocked();
    const Retention = { Mode: 'GOVERNANCE' as const, RetainUntilDate: inDays(1) };
    const wrong = new PutObjectRetentionCommand({
      ...version,
      Retention,
      ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==',
    });
    expect(await outcome(s3.send(wrong))).toMatch('BadDigest');
    const authorization = 'AWS4-HMAC-SHA256 Credential=a/20261126/us-east-1/s3/aws4_request';
    const url = `${cloud.url}/${Bucket}/${Key}?legal-hold=`;
    const body = '<LegalHold><Status>ON</Status></LegalHold>';
    expect((await fetch(url, { method: 'PUT', headers: { authorization }, body })).status).toBe(400);
  });
});

describe('a legal hold', () => {
  it('protects a version until it is switched off', async () => {
    const { s3, cloud, hold, remove, version } = await startLocked();
    const status = () => outcome(s3.send(new GetObjectLegalHoldCommand(version)));
    expect(await status()).toMatch('404 NoSuchObjectLockConfiguration');
    await hold('ON');
    expect((await s3.send(new GetObjectLegalHoldCommand(version))).LegalHold).toEqual({ Status: 'ON' });
    await cloud.advance(1000 * DAY_MS);
    expect(await remove()).toBe(isProtected);
    await hold('OFF');
    expect(await remove()).toBe('done');
  });

  it.each([
    [{ ObjectLockLegalHoldStatus: 'MAYBE' as 'ON' }, 'Legal Hold must be either of'],
    [{ ObjectLockMode: 'GOVERNANCE' as const }, 'must both be supplied'],
    [{ ObjectLockRetainUntilDate: new Date(1e13) }, 'must both be supplied'],
    [
      { ObjectLockMode: 'WORM' as 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(1e13) },
      'Unknown wormMode directive.',
    ],
    [
      { ObjectLockMode: 'GOVERNANCE' as const, ObjectLockRetainUntilDate: new Date(0) },
      'must be in the future',
    ],
  ])('and a retention are refused in a put with %j', async (more, error) => {
    const { put } = await startBucket();
    expect(await outcome(put(Key, '{}', more))).toContain(error);
  });

  it('and a retention need a bucket with Object Lock', async () => {
    const { put, cloud } = await startBucket(bucket({ ObjectLockEnabled: false }));
    const error = '400 InvalidRequest: Bucket is missing Object Lock Configuration';
    expect(await outcome(put(Key))).toBe('done');
    expect(await outcome(put(Key, '{}', { ObjectLockLegalHoldStatus: 'ON' }))).toBe(error);
    const s3 = clientOf(cloud.url);
    expect(await outcome(s3.send(new GetObjectRetentionCommand({ Bucket, Key })))).toBe(error);
  });

  it('cannot be put on a delete marker or on a missing object', async () => {
    const { s3, version } = await startLocked();
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    const hold = (more: object) =>
      outcome(s3.send(new PutObjectLegalHoldCommand({ ...version, LegalHold: { Status: 'ON' }, ...more })));
    expect(await hold({ VersionId: marker.VersionId })).toMatch('405 MethodNotAllowed');
    expect(await hold({ VersionId: undefined })).toMatch('404 NoSuchKey');
    expect(await hold({ VersionId: 'a'.repeat(32) })).toMatch('404 NoSuchVersion');
  });
});

// Tests the permissions of S3 in the local cloud: roles, bucket policies, their conditions, and outages.
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../../../../local/clock.ts';
import { startCloud } from '../../../../../local/cloud/index.ts';
import { writeAssembly } from '../../../../support/small-stack.ts';
import {
  Bucket,
  bucket,
  bucketArn,
  clientOf,
  defaultRetention,
  missing,
  outcome,
  refusedTo,
  shortcuts,
  startBucket,
  startCaller,
} from './audit-bucket.ts';

const Key = '2026-11/2026-11-26T120000.123Z-abc.json';
const objectArn = `${bucketArn}/${Key}`;
const allow = (Action: unknown, Resource: unknown = `${bucketArn}/*`) => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const deny = (Action: unknown, more: object = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource: `${bucketArn}/*`,
  ...more,
});
const putOnce = ['PutObject', { Key, Body: '{}', IfNoneMatch: '*' }] as const;
const put = ['PutObject', { Key, Body: '{}' }] as const;
const get = ['GetObject', { Key }] as const;

/** Calls with the permissions that each needs, in the order in which S3 checks them here. */
const calls: readonly (readonly [name: string, input: object, needed: readonly string[]])[] = [
  ['PutObject', { Key, Body: '' }, ['s3:PutObject']],
  [
    'PutObject',
    { Key, Body: '', ObjectLockLegalHoldStatus: 'ON' },
    ['s3:PutObject', 's3:PutObjectLegalHold'],
  ],
  ['GetObject', { Key }, ['s3:GetObject']],
  ['GetObject', { Key, VersionId: 'v' }, ['s3:GetObjectVersion']],
  ['DeleteObject', { Key }, ['s3:DeleteObject']],
  ['DeleteObject', { Key, VersionId: 'v' }, ['s3:DeleteObjectVersion']],
  [
    'DeleteObject',
    { Key, VersionId: 'v', BypassGovernanceRetention: true },
    ['s3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
  ],
  ['PutObjectLegalHold', { Key, LegalHold: { Status: 'ON' } }, ['s3:PutObjectLegalHold']],
  [
    'PutObjectRetention',
    {
      Key,
      Retention: { Mode: 'GOVERNANCE', RetainUntilDate: new Date(1e13) },
      BypassGovernanceRetention: true,
    },
    ['s3:PutObjectRetention', 's3:BypassGovernanceRetention'],
  ],
  ['GetObjectRetention', { Key }, ['s3:GetObjectRetention']],
  ['GetObjectLegalHold', { Key }, ['s3:GetObjectLegalHold']],
  ['ListObjectsV2', {}, ['s3:ListBucket']],
  ['ListObjectVersions', {}, ['s3:ListBucketVersions']],
];
const resourceOf = (input: object) => ('Key' in input ? objectArn : bucketArn);

describe('a role', () => {
  it('needs the permission of each operation', async () => {
    const { call } = await startCaller([]);
    expect(await call(...calls.map(([name, input]) => [name, input] as const))).toEqual(
      calls.map(([, input, [action = '']]) => missing(action, resourceOf(input))),
    );
  });

  it('needs a second permission to lock in a put and to bypass', async () => {
    const { call } = await startCaller([
      allow(['s3:PutObject', 's3:DeleteObjectVersion', 's3:PutObjectRetention']),
    ]);
    const withTwo = calls.filter(([, , needed]) => needed.length === 2);
    expect(withTwo).toHaveLength(3);
    expect(await call(...withTwo.map(([name, input]) => [name, input] as const))).toEqual(
      withTwo.map(([, input, needed]) => missing(needed[1] ?? '', resourceOf(input))),
    );
  });

  it('needs no other permission', async () => {
    const { call } = await startCaller(
      calls.flatMap(([, input, needed]) => needed.map((action) => allow(action, resourceOf(input)))),
    );
    const outcomes = await call(...calls.map(([name, input]) => [name, input] as const));
    expect(outcomes.filter((one) => one.includes('AccessDenied'))).toEqual([]);
  });

  it('puts and gets what it is granted', async () => {
    const { call } = await startCaller([allow(['s3:PutObject', 's3:GetObject'])]);
    expect(await call(putOnce, get, putOnce)).toEqual([
      'done',
      'done',
      '412 PreconditionFailed: At least one of the pre-conditions you specified did not hold',
    ]);
  });

  it('needs PutObjectRetention for the headers of a retention, and not for the default', async () => {
    const locks = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(1e13) };
    const { call } = await startCaller([allow('s3:PutObject')], bucket(defaultRetention('COMPLIANCE', 1)));
    expect(await call(put, ['PutObject', { Key, Body: '{}', ...locks }])).toEqual([
      'done',
      missing('s3:PutObjectRetention', objectArn),
    ]);
  });

  it('does not learn whether an object exists without ListBucket', async () => {
    const { call } = await startCaller([allow('s3:GetObject')]);
    expect(await call(get)).toEqual([missing('s3:ListBucket', bucketArn)]);
    const reader = await startCaller([allow('s3:GetObject'), allow('s3:ListBucket', bucketArn)]);
    expect(await reader.call(get)).toEqual(['404 NoSuchKey: The specified key does not exist.']);
  });

  it('bypasses GOVERNANCE only with the permission', async () => {
    const resources = bucket(defaultRetention('GOVERNANCE', 1));
    const remove = allow('s3:DeleteObjectVersion');
    const without = await startCaller([remove], resources);
    const { VersionId } = await without.put(Key);
    const deletion = (id: string | undefined, BypassGovernanceRetention: boolean) =>
      ['DeleteObject', { Key, VersionId: id, BypassGovernanceRetention }] as const;
    expect(await without.call(deletion(VersionId, false), deletion(VersionId, true))).toEqual([
      '403 AccessDenied: Access Denied because object protected by object lock.',
      missing('s3:BypassGovernanceRetention', objectArn),
    ]);
    expect(await without.text(Key)).toBe('{}');
    const granted = await startCaller([remove, allow('s3:BypassGovernanceRetention')], resources);
    const other = await granted.put(Key);
    expect(await granted.call(deletion(other.VersionId, true))).toEqual(['done']);
  });
});

describe('a bucket policy', () => {
  const Null = { 's3:if-none-match': 'true' };

  it.each([{ Null }, { Null, Bool: { 's3:ObjectCreationOperation': 'true' } }])(
    'denies puts without If-None-Match, to functions and to operators: %j',
    async (Condition) => {
      const resources = bucket({}, [deny('s3:PutObject', { Condition })]);
      const { call } = await startCaller([allow('s3:*')], resources);
      expect(await call(put, putOnce)).toEqual([
        refusedTo('s3:PutObject', objectArn, 'with an explicit deny in a resource-based policy'),
        'done',
      ]);
      const operator = await startBucket(resources);
      expect(await outcome(operator.put(Key))).toBe(
        `403 AccessDenied: User: arn:aws:iam::000000000000:user/operator is not authorized to perform: s3:PutObject on resource: "${objectArn}" with an explicit deny in a resource-based policy`,
      );
      expect(await outcome(operator.put(Key, '{}', { IfNoneMatch: '*' }))).toBe('done');
    },
  );

  it('denies deletion to everybody but one role', async () => {
    const except = (arn: string) => ({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': arn } } });
    const policyFor = (arn: string) => bucket({}, [deny('s3:DeleteObject*', except(arn))]);
    const others = await startCaller([allow('s3:*')], policyFor('arn:aws:iam::000000000000:role/Other'));
    const { VersionId } = await others.put(Key);
    const removals = [
      ['DeleteObject', { Key }],
      ['DeleteObject', { Key, VersionId }],
    ] as const;
    const reason = 'with an explicit deny in a resource-based policy';
    expect(await others.call(...removals)).toEqual([
      refusedTo('s3:DeleteObject', objectArn, reason),
      refusedTo('s3:DeleteObjectVersion', objectArn, reason),
    ]);
    const operator = clientOf(others.cloud.url);
    expect(await outcome(operator.send(new DeleteObjectCommand({ Bucket, Key })))).toMatch(reason);
    const role = await startCaller([allow('s3:*')], policyFor('arn:aws:iam::000000000000:role/Role'));
    expect(await role.call(put, ['DeleteObject', { Key }])).toEqual(['done', 'done']);
  });

  it('applies to the bucket only if it names the bucket', async () => {
    const onObjects = await startBucket(bucket({}, [deny('s3:*')]));
    expect(await outcome(onObjects.s3.send(new ListObjectsV2Command({ Bucket })))).toBe('done');
    const onBucket = await startBucket(bucket({}, [deny('s3:*', { Resource: bucketArn })]));
    expect(await outcome(onBucket.s3.send(new ListObjectsV2Command({ Bucket })))).toMatch('explicit deny');
    expect(await outcome(onBucket.put(Key))).toBe('done');
  });

  it('does not apply to another bucket whose name begins with the same letters', async () => {
    const { Audit } = bucket({ BucketName: 'audit-copy' });
    const { put: putTo } = await startBucket({
      ...bucket({}, [deny('s3:*')]),
      ...(Audit && { Copy: Audit }),
    });
    expect(await outcome(putTo(Key))).toMatch('explicit deny');
    expect(await outcome(putTo(Key, '{}', { Bucket: 'audit-copy' }))).toBe('done');
  });
});

it('an outage of S3 fails the calls of functions, and not those of operators', async () => {
  const { cloud, call, put: putAsOperator } = await startCaller([allow('s3:*', '*')]);
  cloud.refuse('s3');
  expect(await call(put)).toEqual(['503 ServiceUnavailable: s3 is away.']);
  expect(await outcome(putAsOperator('other'))).toBe('done');
  cloud.refuse('s3', 'SlowDown');
  expect(await call(put)).toEqual(['503 SlowDown: s3 is away.']);
  cloud.stopFailing('s3');
  expect(await call(put)).toEqual(['done']);
});

it('an operator needs the key of the cloud if it has one', async () => {
  const cloud = await startCloud({
    assembly: writeAssembly({}, bucket()),
    clock: createClock(),
    port: 0,
    environment: () => ({}),
    operatorKey: 'operator',
    log: () => {},
  });
  onTestFinished(() => cloud.close());
  const credentials = { accessKeyId: 'other', secretAccessKey: 'any' };
  const { put: putAsOther } = shortcuts(clientOf(cloud.url, { credentials }));
  expect(await outcome(putAsOther(Key))).toBe(
    '403 InvalidAccessKeyId: The AWS access key ID that you provided does not exist in our records.',
  );
  expect(await outcome(shortcuts(clientOf(cloud.url)).put(Key))).toBe('done');
});

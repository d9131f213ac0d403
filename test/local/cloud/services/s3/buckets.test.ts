// Tests the buckets of a template in the local cloud: names, what is refused, updates of the stack, and a restart.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { persistIn, type Persistence } from '../../../../../local/persistence.ts';
import { getAtt, ref, startWorld, writeAssembly, type Resources } from '../../../../support/small-stack.ts';
import {
  Bucket,
  bucket,
  bucketArn,
  clientOf,
  defaultRetention,
  outcome,
  startBucket,
} from './audit-bucket.ts';

const Key = 'a';

/** Without the database of the tables: these stacks have none, and it does not open twice in one process. */
function persistence(folder: string): Persistence {
  const { tables: _tables, ...others } = persistIn(folder);
  return others;
}

it('a bucket without a name gets one in lower case, of at most 63 characters', async () => {
  const { Audit } = bucket({ BucketName: undefined });
  const long = `Audit${'x'.repeat(80)}`;
  const { cloud } = await startWorld({
    resources: Audit ? { AuditCopy: Audit, [long]: Audit } : {},
    outputs: {
      Name: { Value: ref('AuditCopy') },
      Arn: { Value: getAtt('AuditCopy', 'Arn') },
      Long: { Value: ref(long) },
    },
  });
  expect(cloud.outputs).toMatchObject({ Name: 'small-auditcopy', Arn: 'arn:aws:s3:::small-auditcopy' });
  expect(cloud.outputs['Long']).toMatch(/^small-auditx{52}$/);
  const put = new PutObjectCommand({ Bucket: cloud.outputs['Name'], Key, Body: '{}' });
  expect(await outcome(clientOf(cloud.url).send(put))).toBe('done');
});

it('a bucket may have the properties that the CDK writes', async () => {
  const blocked = {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  };
  const properties = {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: blocked,
    Tags: [{ Key: 'a', Value: 'b' }],
    ...defaultRetention('COMPLIANCE', 3650),
  };
  await expect(startBucket(bucket(properties))).resolves.toBeDefined();
});

describe('at startup the cloud refuses', () => {
  const statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `${bucketArn}/*` };
  const lock = (configuration: object) => bucket({ ObjectLockConfiguration: configuration });

  it.each<[string, Resources]>([
    ['property LifecycleConfiguration is not supported', bucket({ LifecycleConfiguration: {} })],
    ['name Audit is not supported', bucket({ BucketName: 'Audit' })],
    [
      'VersioningConfiguration {"Status":"Suspended"} is not supported',
      bucket({ VersioningConfiguration: { Status: 'Suspended' } }),
    ],
    ['VersioningConfiguration "" is not supported', bucket({ VersioningConfiguration: undefined })],
    [
      'ObjectLockConfiguration without ObjectLockEnabled',
      bucket({ ObjectLockEnabled: false, ...defaultRetention('GOVERNANCE', 1) }),
    ],
    ['Mode WORM of a default retention is not supported', bucket(defaultRetention('WORM', 1))],
    ['a default retention of 0 days', bucket(defaultRetention('GOVERNANCE', 0))],
    ['a default retention of 36501 days', bucket(defaultRetention('GOVERNANCE', 36_501))],
    [
      'Years of ObjectLockConfiguration is not supported',
      lock({ Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Years: 1 } } }),
    ],
    [
      'OwnershipControls {"Rules":[{"ObjectOwnership":"ObjectWriter"}]} is not supported',
      bucket({ OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }),
    ],
    [
      'BucketEncryption aws:kms is not supported',
      bucket({
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
        },
      }),
    ],
    [
      'Policy has invalid resource arn:aws:s3:::other/*',
      bucket({}, [{ ...statement, Resource: 'arn:aws:s3:::other/*' }]),
    ],
    [
      "a statement without Principal is not supported in a bucket's policy",
      bucket({}, [{ Effect: 'Deny', Action: 's3:*', Resource: bucketArn }]),
    ],
    [
      'condition Null of s3:prefix is not supported',
      bucket({}, [{ ...statement, Condition: { Null: { 's3:prefix': 'true' } } }]),
    ],
    [
      'condition StringLike of s3:if-none-match is not supported',
      bucket({}, [{ ...statement, Condition: { StringLike: { 's3:if-none-match': '*' } } }]),
    ],
  ])('%s', async (finding, resources) => {
    await expect(startWorld({ resources })).rejects.toThrow(finding);
  });
});

describe('an update of the stack', () => {
  it.each<[string, Resources]>([
    ['AWS::S3::Bucket Audit must stay, with the name audit', {}],
    ['AWS::S3::Bucket Audit must stay, with the name audit', bucket({ BucketName: 'other' })],
    ['bucket audit: Object Lock cannot be disabled', bucket({ ObjectLockEnabled: false })],
  ])('is refused: %s', async (finding, resources) => {
    const { cloud, put, text } = await startBucket();
    await put(Key);
    await expect(cloud.update(writeAssembly({}, resources))).rejects.toThrow(finding);
    expect(await text(Key)).toBe('{}');
  });

  it('changes the policy and the default retention, and keeps the objects', async () => {
    const { cloud, s3, put, text } = await startBucket();
    const first = await put(Key);
    const statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteObject',
      Resource: `${bucketArn}/*`,
    };
    await cloud.update(writeAssembly({}, bucket(defaultRetention('COMPLIANCE', 1), [statement])));
    expect(await text(Key)).toBe('{}');
    const remove = (VersionId?: string) =>
      outcome(s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId })));
    expect(await remove()).toMatch('explicit deny');
    const { VersionId } = await put(Key);
    expect(await remove(VersionId)).toMatch('object protected by object lock');
    expect(await remove(first.VersionId)).toBe('done');
  });
});

describe('a restart', () => {
  it('keeps versions, delete markers and locks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kept-'));
    const before = await startBucket(bucket(defaultRetention('COMPLIANCE', 1)), persistence(folder));
    const { VersionId } = await before.put(Key, 'kept');
    await before.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await before.cloud.close();
    const { s3, text } = await startBucket(bucket(), persistence(folder));
    expect(await outcome(text(Key))).toMatch('NoSuchKey');
    expect(await text(Key, VersionId)).toBe('kept');
    expect(await outcome(s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId })))).toMatch(
      'object protected by object lock',
    );
  });

  it('reads a state that was saved before there were buckets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kept-'));
    const before = await startBucket(bucket(), persistence(folder));
    await before.put(Key);
    await before.cloud.close();
    const file = join(folder, 'state.json');
    const saved: { parts: { cloud: { buckets?: object } } } = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.keys(saved.parts.cloud.buckets ?? {})).toEqual([Bucket]);
    delete saved.parts.cloud.buckets;
    writeFileSync(file, JSON.stringify(saved));
    const { put, text } = await startBucket(bucket(), persistence(folder));
    await put(Key, 'new');
    expect(await text(Key)).toBe('new');
  });
});

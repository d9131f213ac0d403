// S3: conditional puts and Object Lock, which protect the copies of the audit.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
} from '@aws-sdk/client-s3';
import type { Aws } from '../aws.ts';
import { refusal } from '../calls.ts';
import { page, snapshot, type Case } from '../case.ts';

const recorded = snapshot('s3/test_s3');
const BucketOf = (aws: Aws) => aws.name('BucketName');

function put(aws: Aws, Key: string, more: Partial<PutObjectCommandInput> = {}) {
  return aws.objects.send(new PutObjectCommand({ Bucket: BucketOf(aws), Key, Body: 'copy', ...more }));
}

/** Puts a version that is locked for a while: so short that the bucket can be removed afterwards. */
async function putLocked(aws: Aws, seconds: number) {
  const Key = aws.unique('locked');
  const { VersionId } = await put(aws, Key, {
    ObjectLockMode: 'GOVERNANCE',
    ObjectLockRetainUntilDate: new Date(aws.now() + seconds * 1000),
  });
  return { Bucket: BucketOf(aws), Key, VersionId };
}

const remove = (aws: Aws, version: object, BypassGovernanceRetention?: boolean) =>
  aws.objects.send(
    new DeleteObjectCommand({ Bucket: BucketOf(aws), Key: '', ...version, BypassGovernanceRetention }),
  );

export const s3Cases: readonly Case[] = [
  {
    name: 'of two puts with If-None-Match: *, the second is PreconditionFailed',
    source: recorded,
    async calls(aws) {
      const Key = aws.unique('once');
      const once = { IfNoneMatch: '*' };
      return [await refusal(put(aws, Key, once)), await refusal(put(aws, Key, once))];
    },
    answer: ['accepted', 'PreconditionFailed'],
  },
  {
    name: 'a version under GOVERNANCE retention cannot be deleted, except with the bypass',
    source: recorded,
    async calls(aws) {
      const version = await putLocked(aws, 60);
      const { Retention } = await aws.objects.send(new GetObjectRetentionCommand(version));
      return [
        Retention?.Mode,
        await refusal(remove(aws, version)),
        await refusal(remove(aws, version, true)),
      ];
    },
    answer: ['GOVERNANCE', 'AccessDenied', 'accepted'],
  },
  {
    name: 'a version can be deleted when its retention has ended',
    source: page('AmazonS3/latest/userguide/object-lock.html'),
    async calls(aws) {
      const version = await putLocked(aws, 4);
      const before = await refusal(remove(aws, version));
      await aws.wait(5);
      return [before, await refusal(remove(aws, version))];
    },
    answer: ['AccessDenied', 'accepted'],
  },
  {
    name: 'a delete without a version leaves a locked version readable behind a delete marker',
    source: page('AmazonS3/latest/userguide/object-lock-managing.html'),
    async calls(aws) {
      const version = await putLocked(aws, 60);
      const { DeleteMarker } = await remove(aws, { Key: version.Key });
      const { Bucket, Key } = version;
      const hidden = await refusal(aws.objects.send(new GetObjectCommand({ Bucket, Key })));
      const { Body } = await aws.objects.send(new GetObjectCommand(version));
      return { DeleteMarker, hidden, text: await Body?.transformToString() };
    },
    answer: { DeleteMarker: true, hidden: 'NoSuchKey', text: 'copy' },
  },
  {
    name: 'a legal hold keeps a version until it is removed',
    source: recorded,
    async calls(aws) {
      const Key = aws.unique('held');
      const { VersionId } = await put(aws, Key, { ObjectLockLegalHoldStatus: 'ON' });
      const version = { Bucket: BucketOf(aws), Key, VersionId };
      const held = await refusal(remove(aws, version, true));
      await aws.objects.send(new PutObjectLegalHoldCommand({ ...version, LegalHold: { Status: 'OFF' } }));
      return [held, await refusal(remove(aws, version))];
    },
    answer: ['AccessDenied', 'accepted'],
  },
  {
    name: 'a retention in the past is InvalidArgument',
    source: recorded,
    calls: (aws) => refusal(putLocked(aws, -60)),
    answer: 'InvalidArgument',
  },
];

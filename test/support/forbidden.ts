// Attempts what the policies of the topic and of the audit's bucket forbid an operator, and returns the results. The
// trading day of the grants calls it.
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Cloud } from '../../local/cloud/index.ts';
import { operator } from './trading-desk.ts';

export async function attemptForbidden({ url, outputs }: Cloud): Promise<readonly string[]> {
  const s3 = new S3Client({ ...operator, endpoint: url });
  const sns = new SNSClient({ ...operator, endpoint: url });
  const Bucket = outputs['AuditBucket'];
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const { Key, VersionId } = Versions[0] ?? {};
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const TopicArn = Topics.find((topic) => topic.TopicArn?.includes('Results'))?.TopicArn;
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    'publish a result': () => sns.send(new PublishCommand({ TopicArn, Message: '{}' })),
    'add a copy': () => s3.send(new PutObjectCommand({ Bucket, Key: 'copy', Body: '{}', IfNoneMatch: '*' })),
    'hide a copy': () => s3.send(new DeleteObjectCommand({ Bucket, Key })),
    'shorten a retention': () =>
      s3.send(
        new PutObjectRetentionCommand({
          Bucket,
          Key,
          VersionId,
          Retention: { Mode: 'GOVERNANCE', RetainUntilDate: new Date('2027-01-01') },
          BypassGovernanceRetention: true,
        }),
      ),
  };
  const results: string[] = [];
  for (const [what, attempt] of Object.entries(attempts))
    results.push(
      await attempt().then(
        () => `could ${what}`,
        (error: Error) => `${error.name}: ${what}`,
      ),
    );
  s3.destroy();
  sns.destroy();
  return results;
}

/** Returns the last part of the key of each copy, such as `ended.json`. */
export async function copiedEntries({ url, outputs }: Cloud): Promise<readonly string[]> {
  const s3 = new S3Client({ ...operator, endpoint: url });
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: outputs['AuditBucket'] }));
  s3.destroy();
  return Versions.map(({ Key }) => `copied ${Key?.split('-').at(-1)}`);
}

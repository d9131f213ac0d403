// Encrypts all stored data with a KMS key, and allows the roles that read or write the data to use the key. The stack
// cannot change the key's policy: docs/guides/deploy-aws.md lists the statements that it needs. `applyAccountSettings` calls it.
import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';

export function encrypt(scope: IConstruct, keyArn: string): void {
  for (const each of scope.node.findAll()) {
    if (each instanceof CfnQueue) encryptQueue(each, keyArn);
    if (each instanceof CfnTopic) each.kmsMasterKeyId = keyArn;
    if (each instanceof CfnTable)
      each.sseSpecification = { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: keyArn };
    if (each instanceof CfnSecret) each.kmsKeyId = keyArn;
    if (each instanceof CfnLogGroup) each.kmsKeyId = keyArn;
    if (each instanceof CfnBucket) each.bucketEncryption = bucketEncryption(keyArn);
    if (each instanceof Role && usesWhatIsStored(each)) each.addToPrincipalPolicy(keyStatement(keyArn));
  }
}

/** The permissions on the key that AWS services need of the role that calls them. */
export function keyStatement(keyArn: string): PolicyStatement {
  return new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn] });
}

function encryptQueue(queue: CfnQueue, keyArn: string): void {
  queue.kmsMasterKeyId = keyArn;
  // Only one of the two may be on:
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
  queue.sqsManagedSseEnabled = undefined;
}

/**
 * A bucket key makes S3 call KMS once for many objects:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
function bucketEncryption(kmsMasterKeyId: string): CfnBucket.BucketEncryptionProperty {
  const serverSideEncryptionByDefault = { sseAlgorithm: 'aws:kms', kmsMasterKeyId };
  return { serverSideEncryptionConfiguration: [{ bucketKeyEnabled: true, serverSideEncryptionByDefault }] };
}

/** Ignores log groups, for which CloudWatch Logs itself uses the key. */
function usesWhatIsStored(role: Role): boolean {
  const policy = role.node.tryFindChild('DefaultPolicy');
  if (!(policy instanceof Policy)) return false;
  const statements = JSON.stringify(Stack.of(role).resolve(policy.document));
  return /"(dynamodb|s3|secretsmanager|sns|sqs):/.test(statements);
}

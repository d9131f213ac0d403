// Finds the audit table and the bucket with its copies in the account and region of the operator. `audit-export.ts` and
// `audit-verify.ts` call it.
import { type DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3';
import { UsageError } from './usage-error.ts';

/** @param given the name that the operator gave, if any */
export async function auditTableName(client: DynamoDBClient, given: string | undefined): Promise<string> {
  if (given) return given;
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames);
  return onlyOne(
    names.filter((name) => /SlackApprovalsStorageAudit/.test(name)),
    'audit table',
    '--table',
  );
}

/**
 * CloudFormation makes the name of the bucket from the names of the stack and the resource, in lower case, and cuts it:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
 */
export async function auditBucketName(client: S3Client, given: string | undefined): Promise<string> {
  if (given) return given;
  const { Buckets = [] } = await client.send(new ListBucketsCommand());
  const names = Buckets.map(({ Name = '' }) => Name);
  return onlyOne(
    names.filter((name) => name.includes('slackapprovals')),
    'bucket of the audit',
    '--bucket',
  );
}

function onlyOne(names: readonly string[], what: string, option: string): string {
  const [only] = names;
  if (only && names.length === 1) return only;
  throw new UsageError(
    names.length === 0
      ? `There is no ${what} in this account and region. If the stack is in another region, export AWS_REGION=… For the stack of your own app, pass its name: --stack MyStack`
      : `There are several: ${names.join(', ')}. Choose the ${what} with ${option}, or its stack with --stack.`,
  );
}

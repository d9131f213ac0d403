// A bucket `audit` with Object Lock for the tests of S3, and a function with a role that calls S3 on request.
import {
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Persistence } from '../../../../../local/persistence.ts';
import { getAtt, publicUrl, role, startWorld, type Resources } from '../../../../support/small-stack.ts';

export const Bucket = 'audit';
export const bucketArn = `arn:aws:s3:::${Bucket}`;
export const DAY_MS = 24 * 60 * 60 * 1000;

export function bucket(properties: object = {}, policy: readonly object[] = []): Resources {
  const resources: Resources = {
    Audit: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: Bucket,
        ObjectLockEnabled: true,
        VersioningConfiguration: { Status: 'Enabled' },
        ...properties,
      },
    },
  };
  if (policy.length > 0)
    resources['AuditPolicy'] = {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Audit' }, PolicyDocument: { Statement: policy } },
    };
  return resources;
}

export function defaultRetention(Mode: string, Days: number): object {
  return {
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode, Days } } },
  };
}

export function clientOf(endpoint: string, more: object = {}): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'any' },
    maxAttempts: 1,
    ...more,
  });
}

export async function startBucket(resources: Resources = bucket(), persistence?: Persistence) {
  const world = await startWorld({ resources, ...(persistence && { persistence }) });
  const s3 = clientOf(world.cloud.url);
  return { ...world, s3, ...shortcuts(s3) };
}

export function shortcuts(s3: S3Client) {
  return {
    put: (Key: string, Body = '{}', more: Partial<PutObjectCommandInput> = {}) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more })),
    text: async (Key: string, VersionId?: string) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
      return Body?.transformToString();
    },
  };
}

/** The status, name and message of the error, or `done`. */
export function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    ({ name, message, $metadata }: S3ServiceException) => `${$metadata.httpStatusCode} ${name}: ${message}`,
  );
}

/** Starts a function whose role has these statements. `call` sends commands from it, and returns their outcomes. */
export async function startCaller(statements: readonly object[], resources: Resources = bucket()) {
  const world = await startWorld({
    functions: {
      Bot: `import { DeleteObjectCommand, GetObjectCommand, GetObjectLegalHoldCommand, GetObjectRetentionCommand,
          ListObjectsV2Command, ListObjectVersionsCommand, PutObjectCommand, PutObjectLegalHoldCommand, PutObjectRetentionCommand, S3Client } from '@aws-sdk/client-s3';
        const commands = { DeleteObjectCommand, GetObjectCommand, GetObjectLegalHoldCommand, GetObjectRetentionCommand,
          ListObjectsV2Command, ListObjectVersionsCommand, PutObjectCommand, PutObjectLegalHoldCommand, PutObjectRetentionCommand };
        const client = new S3Client({ maxAttempts: 1 });
        const said = ([name, input]) => client.send(new commands[name + 'Command']({ Bucket: '${Bucket}', ...input })).then(
          () => 'done', (error) => error.$metadata.httpStatusCode + ' ' + error.name + ': ' + error.message);
        export const handler = async ({ body }) => {
          const calls = JSON.parse(body, (name, value) => (name.endsWith('Date') ? new Date(value) : value));
          const outcomes = [];
          for (const call of calls) outcomes.push(await said(call));
          return { statusCode: 200, body: JSON.stringify(outcomes) };
        };`,
    },
    resources: { ...role('Role', statements), ...publicUrl('Bot'), ...resources },
    outputs: { Url: { Value: getAtt('BotUrl', 'FunctionUrl') } },
  });
  const headers = { 'content-type': 'application/json' };
  const call = async (...calls: readonly (readonly [name: string, input: object])[]): Promise<string[]> => {
    const request = { method: 'POST', headers, body: JSON.stringify(calls) };
    return JSON.parse(await (await fetch(world.cloud.outputs['Url'] ?? '', request)).text());
  };
  return { ...world, call, ...shortcuts(clientOf(world.cloud.url)) };
}

/** The error of a role that lacks the permission. */
export function missing(action: string, resource: string): string {
  return refusedTo(action, resource, `because no identity-based policy allows the ${action} action`);
}

export function refusedTo(action: string, resource: string, reason: string): string {
  const user = 'arn:aws:sts::000000000000:assumed-role/Role/Bot';
  return `403 AccessDenied: User: ${user} is not authorized to perform: ${action} on resource: "${resource}" ${reason}`;
}

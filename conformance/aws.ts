// The means of a case: SDK clients, the names of the stack's resources, and time. `local-cloud.ts` creates it for the
// local cloud, and `deployed.ts` for an account or an emulator.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

export interface Aws {
  readonly states: SFNClient;
  readonly queues: SQSClient;
  readonly topics: SNSClient;
  readonly tables: DynamoDBClient;
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
  readonly objects: S3Client;
  /** Returns the ARN, URL or name in this output of the stack. */
  name(output: string): string;
  /** Returns a text that begins with the given one, and is different at each call and in each run. */
  unique(text: string): string;
  /** Milliseconds since the epoch. `wait` moves this time forward. */
  now(): number;
  /** Waits for this time. In the local cloud, also waits until the work that is due has ended. */
  wait(seconds: number): Promise<void>;
}

interface Settings {
  /** Undefined: AWS itself. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Undefined: the credentials that the SDK finds. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly now: () => number;
  readonly wait: (seconds: number) => Promise<void>;
}

export function createAws({ endpoint, region, credentials, outputs, now, wait }: Settings): Aws {
  const client = { region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) };
  const run = Date.now().toString(36);
  let count = 0;
  return {
    states: new SFNClient(client),
    queues: new SQSClient(client),
    topics: new SNSClient(client),
    tables: new DynamoDBClient(client),
    secrets: new SecretsManagerClient(client),
    parameters: new SSMClient(client),
    objects: new S3Client({ ...client, forcePathStyle: endpoint !== undefined }),
    name(output) {
      const value = outputs[`${output}Out`];
      if (value === undefined) throw new Error(`The stack has no output ${output}Out`);
      return value;
    },
    unique: (text) => `${text}-${run}-${(count += 1)}`,
    now,
    wait,
  };
}

// Puts the bot's token and its signing secret into Secrets Manager, as an operator does after a deployment. `world.ts`
// and `workspace.ts` call it before any function runs.
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Cloud } from './cloud/index.ts';

export interface SlackSecret {
  readonly botToken: string;
  readonly signingSecret: string;
}

export async function putSecret(
  { url, outputs }: Pick<Cloud, 'url' | 'outputs'>,
  { botToken, signingSecret }: SlackSecret,
  operatorKey = 'operator',
): Promise<void> {
  const credentials = { accessKeyId: operatorKey, secretAccessKey: 'any' };
  const client = new SecretsManagerClient({ endpoint: url, region: 'us-east-1', credentials });
  const SecretString = JSON.stringify({ botToken, signingSecret });
  await client.send(new PutSecretValueCommand({ SecretId: outputs['SecretName'], SecretString }));
  client.destroy();
}

// Reads and writes the bot's secret in AWS, for setup and deploy. The stack creates the secret empty.
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SlackSecret } from '../aws/slack-secret.ts';

/** State `none` means that the secret does not exist, because the stack is not deployed yet. */
export type Secret =
  | { readonly state: 'none' | 'empty' }
  | { readonly state: 'filled'; readonly secret: SlackSecret };

export async function readSecret(client: SecretsManagerClient, name: string): Promise<Secret> {
  try {
    const { SecretString = '{}' } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    const { botToken, signingSecret } = JSON.parse(SecretString);
    return botToken && signingSecret
      ? { state: 'filled', secret: { botToken, signingSecret } }
      : { state: 'empty' };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { state: 'none' };
    throw error;
  }
}

export async function putSecret(
  client: SecretsManagerClient,
  name: string,
  secret: SlackSecret,
): Promise<void> {
  await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: JSON.stringify(secret) }));
}

// Reads and writes the bot's secret in AWS, for setup and deploy. The stack creates the secret empty.
import {
  GetSecretValueCommand,
  InvalidRequestException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SlackSecret } from '../aws/slack-secret.ts';

/**
 * State `none` means that the secret does not exist, because the stack is not deployed yet. `deleted` means that it is
 * scheduled for deletion: https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html
 */
export type Secret =
  | { readonly state: 'none' | 'empty' | 'deleted' }
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
    if (error instanceof InvalidRequestException && error.message.includes('deletion'))
      return { state: 'deleted' };
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

// Reads the secret of the Slack app, which contains its bot token and its signing secret. The bot and the functions
// that call Slack use it.
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export interface SlackSecret {
  /** `xoxb-…` */
  readonly botToken: string;
  readonly signingSecret: string;
}

/** The secret is empty or has the wrong format. The message says what to store, and never contains the secret. */
export class UnreadableSecret extends Error {
  override readonly name = 'UnreadableSecret';
}

/** How long a secret is cached, in milliseconds. */
const SECRET_TTL_MS = 5 * 60_000;

/**
 * Returns the secret, which may have been read up to five minutes ago. A caller that needs a newer one passes `maxAge`:
 * then the secret is read again, unless a read began in the last `maxAge` milliseconds.
 */
export type ReadSecret = (maxAge?: number) => Promise<SlackSecret>;

export function slackSecret(client: SecretsManagerClient, secretId: string): ReadSecret {
  let cached: { readonly secret: SlackSecret; readonly at: number } | undefined;
  let reading: Promise<SlackSecret> | undefined;
  let triedAt = 0;
  const readAt = async (at: number): Promise<SlackSecret> => {
    try {
      const secret = await read(client, secretId);
      cached = { secret, at };
      return secret;
    } finally {
      reading = undefined;
    }
  };
  return async (maxAge = SECRET_TTL_MS) => {
    const now = Date.now();
    const valid = cached && now - cached.at < SECRET_TTL_MS ? cached.secret : undefined;
    if (valid && now - triedAt < maxAge) return valid;
    if (!reading) {
      triedAt = now;
      reading = readAt(now);
    }
    try {
      return await reading;
    } catch (error) {
      if (valid) return valid;
      throw error;
    }
  };
}

async function read(client: SecretsManagerClient, secretId: string): Promise<SlackSecret> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const { botToken, signingSecret } = parse(SecretString);
  if (typeof botToken === 'string' && typeof signingSecret === 'string' && botToken && signingSecret) {
    return { botToken, signingSecret };
  }
  throw new UnreadableSecret(
    `The secret ${secretId} must be JSON like {"botToken":"xoxb-…","signingSecret":"…"}: put both values there with npm run setup -- --aws, or for an app of your own with npx countersign setup --stack MyStack.`,
  );
}

function parse(text: string | undefined): Partial<Record<keyof SlackSecret, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

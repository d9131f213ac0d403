// The one secret: what the Slack app needs to speak and to know who speaks to it. Read when first needed and kept
// for five minutes, so that a changed one is known soon; a failed read is not kept, so that it heals at once.
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export interface SlackSecret {
  /** `xoxb-…` */
  readonly botToken: string;
  readonly signingSecret: string;
}

/** The secret is empty, or is not what it should be. Its message says what to put there, and never what stands there. */
export class UnreadableSecret extends Error {
  override readonly name = 'UnreadableSecret';
}

/** Milliseconds after which the secret is read anew: so long a changed one takes to be known everywhere. */
const KEPT = 5 * 60_000;

/** Reads it; what is known is answered where it was last looked for less than so many milliseconds ago. */
export type ReadSecret = (maxAge?: number) => Promise<SlackSecret>;

export function slackSecret(client: SecretsManagerClient, secretId: string): ReadSecret {
  let known: { readonly secret: SlackSecret; readonly at: number } | undefined;
  let reading: Promise<SlackSecret> | undefined;
  let triedAt = 0;
  const readAt = async (at: number): Promise<SlackSecret> => {
    try {
      const secret = await read(client, secretId);
      known = { secret, at };
      return secret;
    } finally {
      reading = undefined;
    }
  };
  return async (maxAge = KEPT) => {
    const now = Date.now();
    const still = known && now - known.at < KEPT ? known.secret : undefined;
    if (still && now - triedAt < maxAge) return still;
    if (!reading) {
      triedAt = now;
      reading = readAt(now);
    }
    try {
      return await reading;
    } catch (error) {
      // Whoever wanted a newer one goes without; what was known stays known for its time.
      if (still) return still;
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
    `The secret ${secretId} must be JSON like {"botToken":"xoxb-…","signingSecret":"…"}: put both values there.`,
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

// Writes the app's token and signing secret to the deployed stack's secret, and asks before it replaces other values.
// Both setups call it. If the stack is not deployed yet, `npm run deploy` fills the secret later.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SlackSecret } from '../aws/slack-secret.ts';
import type { Prompter } from './prompt.ts';
import { say } from './check.ts';
import { putSecret, readSecret } from './secret.ts';
import { Stopped } from './usage-error.ts';

/** Returns false if the secret could not be read, or does not exist. */
export async function fillSecret(
  name: string,
  secret: SlackSecret,
  isSure: boolean,
  prompter: Prompter,
): Promise<boolean> {
  const client = new SecretsManagerClient();
  say(`Reading the secret ${name} in AWS …`);
  const stored = await readSecret(client, name).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    say(
      `The secret in AWS could not be read (${why}) and was not changed. If the stack is already deployed, export AWS_PROFILE=… AWS_REGION=… and run this command again.`,
    );
    return undefined;
  });
  if (stored === undefined || stored.state === 'none') return false;
  if (stored.state === 'deleted') {
    say(
      `The secret ${name} is scheduled for deletion and was not changed. Restore it: aws secretsmanager restore-secret --secret-id ${name}`,
    );
    return false;
  }
  if (stored.state === 'filled' && isSame(stored.secret, secret)) {
    say(`The secret ${name} already has these values.`);
    return true;
  }
  const region = await client.config.region();
  const question = `The secret ${name} in ${region} has other values, which a running bot uses. Replace them? (y/N)`;
  if (stored.state === 'filled' && !isSure) {
    const answer = await prompter.ask({ text: question, defaultAnswer: 'n', flag: '--yes' });
    if (!/^y(es)?$/i.test(answer)) throw new Stopped(`The secret ${name} was not changed.`);
  }
  await putSecret(client, name, secret);
  say(`Saved to the secret ${name} in ${region}. The functions use it within five minutes.`);
  return true;
}

export function isSame(one: SlackSecret, other: SlackSecret): boolean {
  return one.botToken === other.botToken && one.signingSecret === other.signingSecret;
}

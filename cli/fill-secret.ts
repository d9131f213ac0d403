// Puts the app's token and signing secret into the secret of what is deployed, if anything is; asks first where others stand
// there. Setup calls it; what is not deployed yet gets them by the deployment.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SlackSecret } from '../aws/slack-secret.ts';
import type { Prompter } from './prompt.ts';
import { say } from './check.ts';
import { putSecret, readSecret } from './secret.ts';
import { Stopped } from './usage-error.ts';

export async function fillSecret(
  stage: string,
  secret: SlackSecret,
  isSure: boolean,
  prompter: Prompter,
): Promise<void> {
  const client = new SecretsManagerClient();
  const name = `countersign/${stage}/slack`;
  const there = await readSecret(client, name).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    say(
      `AWS could not be asked (${why}). If ${stage} is deployed already, its secret is as it was: export AWS_PROFILE=… AWS_REGION=…, and run this again.`,
    );
    return undefined;
  });
  if (there === undefined || there.state === 'none') return;
  if (there.state === 'filled' && isSame(there.secret, secret)) {
    say(`The secret ${name} has them already.`);
    return;
  }
  const region = await client.config.region();
  const question = `The secret ${name} in ${region} has others, which a running bot uses. Replace them? (y/N)`;
  if (there.state === 'filled' && !isSure) {
    const answer = await prompter.ask({ text: question, otherwise: 'n', flag: '--yes' });
    if (!/^y(es)?$/i.test(answer)) throw new Stopped(`The secret ${name} is left as it was.`);
  }
  await putSecret(client, name, secret);
  say(`Put into the secret ${name} in ${region}; the functions know it within five minutes.`);
}

export function isSame(one: SlackSecret, other: SlackSecret): boolean {
  return one.botToken === other.botToken && one.signingSecret === other.signingSecret;
}

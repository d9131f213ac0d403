// What takes longest is begun first: the secret is on its way, and the connections are opening, while Bolt is evaluated.
// Nothing waits for their end here. The entry imports it before anything else.
import { setTimeout as wait } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { environment } from '../aws/environment.ts';
import { preconnect } from '../aws/preconnect.ts';
import { slackSecret } from '../aws/slack-secret.ts';

/** Milliseconds in which the handshakes pass and the request leaves: what is evaluated next lets nothing else run. */
const HEAD_START = 8;

export const toDynamoDB = preconnect('dynamodb');
export const toStepFunctions = preconnect('states');

const secretsManager = new SecretsManagerClient(preconnect('secretsmanager'));
export const secret = slackSecret(secretsManager, environment('SLACK_SECRET_ARN'));

// Who needs it hears why it cannot be read, and has it read again.
const begun = secret().catch(() => undefined);
await Promise.race([begun, wait(HEAD_START)]);

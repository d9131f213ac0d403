// Starts the slowest work of a cold start before the rest of the bundle is evaluated: opens connections and requests
// the secret, which arrives during the evaluation. `dependencies.ts` imports this file before any other.
import { setTimeout as wait } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { environment } from '../aws/environment.ts';
import { preconnect } from '../aws/preconnect.ts';
import { slackSecret } from '../aws/slack-secret.ts';

/**
 * How long the evaluation of the bundle waits for the TLS handshakes and for the request for the secret to be sent.
 * Once it continues, it blocks the event loop, so neither could proceed.
 */
const PREWARM_MS = 8;

export const dynamodbConfig = preconnect('dynamodb');
export const stepFunctionsConfig = preconnect('states');

const secretsManager = new SecretsManagerClient(preconnect('secretsmanager'));
export const readSecret = slackSecret(secretsManager, environment('SLACK_SECRET_ARN'));

// Errors are ignored here: the first request reads the secret again, and handles the error.
const reading = readSecret().catch(() => undefined);
await Promise.race([reading, wait(PREWARM_MS)]);

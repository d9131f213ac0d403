// Starts the slowest work of a cold start: reads the secret and opens connections while the rest of the bundle is
// evaluated. `dependencies.ts` imports this file before any other.
import { setTimeout as wait } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { environment } from '../aws/environment.ts';
import { preconnect } from '../aws/preconnect.ts';
import { slackSecret } from '../aws/slack-secret.ts';

/**
 * Time for the TLS handshakes, and for sending the request for the secret. Neither can happen later, while the rest of
 * the bundle is evaluated, because the evaluation blocks the event loop.
 */
const PREWARM_MS = 8;

export const dynamodbConfig = preconnect('dynamodb');
export const stepFunctionsConfig = preconnect('states');

const secretsManager = new SecretsManagerClient(preconnect('secretsmanager'));
export const readSecret = slackSecret(secretsManager, environment('SLACK_SECRET_ARN'));

// Errors are ignored here: the first request reads the secret again, and handles the error.
const reading = readSecret().catch(() => undefined);
await Promise.race([reading, wait(PREWARM_MS)]);

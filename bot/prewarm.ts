// Starts the slowest work of a cold start before the rest of the bundle is evaluated: opens connections, and requests
// the secret of the Slack app. `dependencies.ts` imports this file before any other.
import { setTimeout as wait } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { environment } from '../aws/environment.ts';
import { preconnect } from '../aws/preconnect.ts';
import { slackSecret } from '../aws/slack-secret.ts';

/**
 * Maximum time for which this file delays the rest of the bundle, whose evaluation blocks the event loop. In this time
 * the TLS handshakes can finish, and the request for the secret can be sent.
 */
const PREWARM_MS = 8;

export const dynamodbConfig = preconnect('dynamodb');
export const stepFunctionsConfig = preconnect('states');

const secretsManager = new SecretsManagerClient(preconnect('secretsmanager'));
export const readSecret = slackSecret(secretsManager, environment('SLACK_SECRET_ARN'));

// Errors are ignored here, because the first request reads the secret again and handles the error.
const reading = readSecret().catch(() => undefined);
await Promise.race([reading, wait(PREWARM_MS)]);

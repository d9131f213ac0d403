// What takes longest is begun first: the secret is on its way, and the connections are opening, while Bolt is evaluated.
// Nothing waits for it here. The entry imports it before anything else.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { environment } from '../aws/environment.ts';
import { quickStart } from '../aws/quick-start.ts';
import { slackSecret } from '../aws/slack-secret.ts';

export const toDynamoDB = quickStart('dynamodb');
export const toStepFunctions = quickStart('states');

const secretsManager = new SecretsManagerClient(quickStart('secretsmanager'));
export const secret = slackSecret(secretsManager, environment('SLACK_SECRET_ARN'));

// Who needs it hears why it cannot be read, and has it read again.
void secret().catch(() => undefined);

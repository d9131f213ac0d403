// Slack's Web API with the bot's token, for the functions behind the queues. No retries of its own: what fails goes
// back to the queue, which waits without being paid for it.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import { environment } from '../aws/environment.ts';
import { slackSecret } from '../aws/slack-secret.ts';
import { slackFetch } from './slack-fetch.ts';

/** Milliseconds after which Slack counts as away: a batch of five must be through before the function's own time is over. */
const PATIENCE = 3_000;

export function slackClient(): () => Promise<WebClient> {
  const secret = slackSecret(new SecretsManagerClient(), environment('SLACK_SECRET_ARN'));
  const slackApiUrl = environment('SLACK_API_URL');
  let client: WebClient | undefined;
  return async () => {
    const { botToken } = await secret();
    if (client?.token === botToken) return client;
    client = new WebClient(botToken, {
      slackApiUrl,
      retryConfig: { retries: 0 },
      timeout: PATIENCE,
      rejectRateLimitedCalls: true,
      fetch: slackFetch,
    });
    return client;
  };
}

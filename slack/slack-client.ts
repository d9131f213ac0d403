// Creates the client of Slack's Web API for the functions behind queues. The client does not retry calls, because a
// failed message returns to its queue, and waiting there costs nothing.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import { environment } from '../aws/environment.ts';
import { slackSecret } from '../aws/slack-secret.ts';
import { slackFetch } from './slack-fetch.ts';

/** A call to Slack fails after this time, so that several slow calls fit in the timeout of the function. */
const SLACK_TIMEOUT_MS = 3_000;

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
      timeout: SLACK_TIMEOUT_MS,
      rejectRateLimitedCalls: true,
      fetch: slackFetch,
    });
    return client;
  };
}

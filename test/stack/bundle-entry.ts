// The entry that `bundle.test.ts` bundles. It prints what depends on modules that are replaced in bundles.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';

const dynamodb = new DynamoDBClient();
const hmac = new dynamodb.config.sha256('key');
hmac.update(Buffer.from('text'));

let slackUserAgent: unknown;
const slack = new WebClient('xoxb-test', {
  fetch: async (_address, init) => {
    slackUserAgent = new Headers(init?.headers).get('user-agent');
    return Response.json({ ok: true });
  },
});
await slack.api.test();

const printed = {
  awsUserAgent: await dynamodb.config.defaultUserAgentProvider(),
  slackUserAgent,
  hmac: Buffer.from(await hmac.digest()).toString('hex'),
  appWithoutReceiver: createApp(),
};
process.stdout.write(JSON.stringify(printed));

function createApp(): string {
  try {
    return typeof new App({ authorize: async () => ({}), signingSecret: 'test' });
  } catch (error) {
    return String(error);
  }
}

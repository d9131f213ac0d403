// The baseline variant, written like Slack's example for Lambda. The bench builds it. With `token`, Bolt calls
// auth.test, and Slack gets the answer only when everything is done. Unlike in the example, the handler takes two
// arguments, as Node 24 requires. https://github.com/slackapi/bolt-js/tree/main/examples/deploy-aws-lambda
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { App, AwsLambdaReceiver } from '@slack/bolt';

const awsLambdaReceiver = new AwsLambdaReceiver({ signingSecret: process.env['SLACK_SIGNING_SECRET'] ?? '' });
const sfn = new SFNClient();
const app = new App({
  token: process.env['SLACK_BOT_TOKEN'] ?? '',
  receiver: awsLambdaReceiver,
  clientOptions: { slackApiUrl: process.env['SLACK_API_URL'] ?? '' },
});

app.action('approve', async ({ ack, body, client }) => {
  await ack();
  const output = JSON.stringify({ outcome: 'approved', by: body.user.id });
  await sfn.send(new SendTaskSuccessCommand({ taskToken: process.env['TASK_TOKEN'] ?? '', output }));
  if (body.type !== 'block_actions') return;
  const ts = body.message?.['ts'] ?? '';
  await client.chat.update({ channel: body.channel?.id ?? '', ts, text: `Approved by <@${body.user.id}>` });
});

type Handle = Awaited<ReturnType<typeof awsLambdaReceiver.start>>;

export const handler = async (...[event, context]: Parameters<Handle>) => {
  const handle = await awsLambdaReceiver.start();
  return handle(event, context);
};

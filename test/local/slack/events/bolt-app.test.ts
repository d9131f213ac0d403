// Tests the local Slack with a real Bolt app, as it would run in Lambda.
import { App, AwsLambdaReceiver } from '@slack/bolt';
import type { BlockAction } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { botToken, signingSecret, startWithApp } from '../../../support/start-tiny-app.ts';
import type { Received, Started } from '../../../support/start-tiny-app.ts';

const approve = {
  type: 'actions' as const,
  elements: [
    { type: 'button' as const, text: { type: 'plain_text' as const, text: 'Approve' }, action_id: 'approve' },
  ],
};

function functionUrlEvent(headers: Received['headers'], body: string) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/slack/events',
    rawQueryString: '',
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    requestContext: {},
    body,
    isBase64Encoded: false,
  };
}

/** Puts a Bolt app in the tiny app's place, behind what a Function URL would pass on. */
async function startBolt({ slack, app: tiny }: Started): Promise<App> {
  const receiver = new AwsLambdaReceiver({ signingSecret });
  const bolt = new App({ token: botToken, receiver, clientOptions: { slackApiUrl: slack.apiUrl } });
  const handler = await receiver.start();
  tiny.answer = (response) => {
    const { headers, body } = tiny.received.at(-1) ?? { headers: {}, body: '' };
    void handler(functionUrlEvent(headers, body), {}).then((answer) =>
      response.writeHead(answer.statusCode).end(answer.body),
    );
  };
  return bolt;
}

describe('Bolt app', () => {
  it('handles a command, a button press and a response', async () => {
    const started = await startWithApp();
    const { slack } = started;
    const bolt = await startBolt(started);
    bolt.command('/trade', async ({ ack, client, command }) => {
      await client.chat.postMessage({
        channel: command.channel_id,
        text: `${command.text}?`,
        blocks: [approve],
      });
      await ack('Asked');
    });
    bolt.action('approve', async ({ ack, respond, body }) => {
      await respond({ text: `Approved by <@${body.user.id}>`, replace_original: true });
      await ack();
    });

    expect(await slack.say('U0ANA', '/trade AMZN 10')).toMatchObject({ status: 200, body: 'Asked' });
    const [asked] = slack.messages();
    expect(asked).toMatchObject({ bot: 'Countersign', text: 'AMZN 10?' });
    expect(slack.seenBy('U0ANA').at(-1)).toMatchObject({ text: 'Asked', onlyFor: 'U0ANA' });

    expect(await slack.press('U0BEN', asked?.ts ?? '', 'approve')).toMatchObject({ status: 200 });
    expect(slack.messages()).toEqual([
      { ts: asked?.ts, channel: 'C0TRADING', bot: 'Countersign', text: 'Approved by <@U0BEN>' },
    ]);
  });

  it('receives an event with the person and the place', async () => {
    const started = await startWithApp({ events: ['app_home_opened'] });
    const bolt = await startBolt(started);
    const heard: object[] = [];
    bolt.event('app_home_opened', async ({ event, body, context }) => {
      heard.push({ ...event, id: body.event_id, ...context });
    });

    expect(await started.slack.openHome('U0ANA', 'messages')).toMatchObject({ status: 200 });
    await started.slack.redeliver();

    const { event_id } = JSON.parse(started.app.received[0]?.body ?? '');
    const once = { user: 'U0ANA', channel: 'D0LOCALANA', tab: 'messages', id: event_id, botUserId: 'U0BOT' };
    expect(heard).toMatchObject([once, { ...once, retryReason: 'http_timeout' }]);
  });

  it('publishes Home when it is opened, and again after a press', async () => {
    const started = await startWithApp({ home: true, events: ['app_home_opened'] });
    const { slack } = started;
    const bolt = await startBolt(started);
    const header = (text: string) => ({
      type: 'header' as const,
      text: { type: 'plain_text' as const, text },
    });
    bolt.event('app_home_opened', async ({ event, client }) => {
      const blocks = [header(event.tab ?? ''), approve];
      await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
    });
    bolt.action<BlockAction>('approve', async ({ ack, client, body }) => {
      await ack();
      const view = { type: 'home' as const, blocks: [header('Done')] };
      await client.views.publish({ user_id: body.user.id, hash: body.view?.hash ?? '', view });
    });

    await slack.openHome('U0ANA');
    expect(slack.home('U0ANA')?.blocks).toMatchObject([{ text: { text: 'home' } }, { type: 'actions' }]);

    expect(await slack.press('U0ANA', slack.home('U0ANA')?.id ?? '', 'approve')).toMatchObject({
      status: 200,
    });
    await expect.poll(() => slack.home('U0ANA')?.blocks).toMatchObject([{ text: { text: 'Done' } }]);
  });
});

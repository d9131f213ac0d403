// Tests direct messages between the app and one person: how they are addressed, who sees them, and what a press in them
// sends.
import { describe, expect, it } from 'vitest';
import { lastForm, startWithApp } from '../../../support/start-tiny-app.ts';
import type { Started } from '../../../support/start-tiny-app.ts';

const scopes = ['chat:write', 'commands', 'im:write'];
const channel = 'C0TRADING';
const actions = {
  type: 'actions' as const,
  elements: [{ type: 'button' as const, text: { type: 'plain_text' as const, text: 'Go' }, action_id: 'go' }],
};

async function open({ client }: Started, users = 'U0BEN'): Promise<string> {
  return (await client.conversations.open({ users })).channel?.id ?? '';
}

const post = (url: string, body: unknown) => fetch(url, { method: 'POST', body: JSON.stringify(body) });

describe('direct messages', () => {
  it('sent to a conversation or a user id are visible to that person only', async () => {
    const started = await startWithApp({ scopes });
    const { slack, client } = started;
    const ben = await open(started);

    expect(ben).toMatch(/^D[A-Z0-9]{8,}$/);
    expect(await open(started)).toBe(ben);
    expect(await client.chat.postMessage({ channel: ben, text: 'One' })).toMatchObject({ channel: ben });
    expect(await client.chat.postMessage({ channel: 'U0BEN', text: 'Two' })).toMatchObject({ channel: ben });

    expect(slack.directMessages('U0BEN')).toMatchObject([
      { bot: 'Countersign', text: 'One', files: [] },
      { bot: 'Countersign', text: 'Two', files: [] },
    ]);
    expect(slack.directMessages('U0CHLOE')).toEqual([]);
    expect(slack.messages()).toEqual([]);
    expect(slack.seenBy('U0BEN')).toEqual([]);
  });

  // https://github.com/slackapi/python-slack-sdk/issues/528
  it('are updated, linked and replied to in their own conversation only', async () => {
    const started = await startWithApp({ scopes });
    const { slack, client } = started;
    const ben = await open(started);
    const chloe = await open(started, 'U0CHLOE');
    const { ts = '' } = await client.chat.postMessage({ channel: ben, text: 'Buy?' });

    for (const [elsewhere, error] of [
      ['U0BEN', 'channel_not_found'],
      [chloe, 'message_not_found'],
      [channel, 'message_not_found'],
    ] as const) {
      const refusal = { data: { error } };
      await expect(client.chat.update({ channel: elsewhere, ts, text: 'x' })).rejects.toMatchObject(refusal);
      await expect(client.chat.getPermalink({ channel: elsewhere, message_ts: ts })).rejects.toMatchObject(
        refusal,
      );
    }
    await expect(client.chat.postMessage({ channel, text: 'x', thread_ts: ts })).rejects.toMatchObject({
      data: { error: 'thread_not_found' },
    });
    await expect(slack.say('U0BEN', 'x', ts)).rejects.toThrow('There is no message');

    expect(await client.chat.update({ channel: ben, ts, text: 'Bought' })).toMatchObject({ channel: ben });
    await client.chat.postMessage({ channel: ben, text: 'At USD 200', thread_ts: ts });
    expect(slack.directMessages('U0BEN')).toMatchObject([
      { ts, text: 'Bought' },
      { text: 'At USD 200', threadTs: ts },
    ]);
    const { permalink } = await client.chat.getPermalink({ channel: ben, message_ts: ts });
    expect(permalink).toBe(`${slack.url}/archives/${ben}/p${ts.replace('.', '')}`);
  });

  it('send their conversation with a button press, and show the response there', async () => {
    const started = await startWithApp({ scopes });
    const { slack, client, app } = started;
    const ben = await open(started);
    const { ts = '' } = await client.chat.postMessage({ channel: ben, text: 'Go?', blocks: [actions] });

    await expect(slack.press('U0CHLOE', ts, 'go')).rejects.toThrow('There is no message');
    await slack.press('U0BEN', ts, 'go');

    const payload = JSON.parse(lastForm(app)['payload'] ?? '');
    expect(payload).toMatchObject({
      channel: { id: ben, name: 'directmessage' },
      container: { channel_id: ben, message_ts: ts, is_ephemeral: false },
      message: { ts, text: 'Go?' },
    });
    await client.chat.postMessage({ channel, text: 'In the channel' });
    const [elsewhere] = slack.messages();
    expect((await post(payload.response_url, { text: 'x', thread_ts: elsewhere?.ts })).status).toBe(400);
    await post(payload.response_url, { text: 'Gone', replace_original: true });
    await post(payload.response_url, { text: 'Psst' });
    expect(slack.directMessages('U0BEN')).toMatchObject([
      { ts, text: 'Gone' },
      { text: 'Psst', onlyFor: 'U0BEN' },
    ]);
    expect(slack.seenBy('U0BEN').map(({ text }) => text)).toEqual(['In the channel']);
  });

  it('show a failed button press', async () => {
    const { slack, client, app } = await startWithApp({ scopes });
    const { ts = '' } = await client.chat.postMessage({ channel: 'U0BEN', text: 'Go?', blocks: [actions] });
    app.answer = (response) => response.writeHead(500).end();

    await slack.press('U0BEN', ts, 'go');

    expect(slack.directMessages('U0BEN')).toMatchObject([{ warning: 'dispatch_failed' }]);
  });

  // https://github.com/slackapi/python-slack-sdk/issues/1156
  it('reach a deactivated person but not a bot, and an ephemeral for another person is refused', async () => {
    const started = await startWithApp({ scopes });
    const { client, slack } = started;

    await client.chat.postMessage({ channel: 'U0FRED', text: 'Still there?' });
    expect(slack.directMessages('U0FRED')).toMatchObject([{ text: 'Still there?' }]);
    await expect(client.chat.postMessage({ channel: 'U0ROBO', text: 'x' })).rejects.toMatchObject({
      data: { error: 'channel_not_found' },
    });
    await expect(
      client.chat.postEphemeral({ channel: await open(started), user: 'U0ANA', text: 'x' }),
    ).rejects.toMatchObject({ data: { error: 'user_not_in_channel' } });
  });
});

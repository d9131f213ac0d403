// Tests what Slack refuses in an archived channel, without the app in the channel, to a person who cannot be written to,
// and below a deleted message.
import { describe, expect, it } from 'vitest';
import { type Started, startWithApp } from '../../../support/start-tiny-app.ts';

const scopes = ['chat:write', 'commands', 'im:write', 'channels:history', 'channels:read'];
const channel = 'C0TRADING';

/** The error of each kind of call about the message, or `ok`. */
async function errorsOf({ client }: Started, ts: string): Promise<readonly string[]> {
  const calls = [
    ['chat.postMessage', { channel, text: 'x' }],
    ['chat.update', { channel, ts, text: 'x' }],
    ['conversations.history', { channel }],
    ['conversations.replies', { channel, ts }],
    ['chat.getPermalink', { channel, message_ts: ts }],
  ] as const;
  const errors: string[] = [];
  for (const [method, sent] of calls)
    errors.push(
      await client.apiCall(method, sent).then(
        () => 'ok',
        ({ data }: { data: { error: string } }) => data.error,
      ),
    );
  return errors;
}

describe('a channel', () => {
  it.each([
    ['archived', ['is_archived', 'is_inactive', 'ok', 'ok', 'ok']],
    ['public', ['not_in_channel', 'channel_not_found', 'not_in_channel', 'not_in_channel', 'ok']],
    ['private', Array.from({ length: 5 }, () => 'channel_not_found')],
  ] as const)(
    'refuses calls while it is archived, or while the app is not in it: %s',
    async (state, errors) => {
      const started = await startWithApp({ scopes });
      const { slack, client } = started;
      const { ts = '' } = await client.chat.postMessage({ channel, text: 'Buy?' });
      if (state === 'archived') slack.setArchived(true);
      else slack.removeApp(state);
      expect(await errorsOf(started, ts)).toEqual(errors);
      await client.chat.postMessage({ channel: 'U0BEN', text: 'x' });
      const { channels } = await client.users.conversations({ user: 'U0BEN' });
      expect(channels).toHaveLength(state === 'private' ? 0 : 1);
      slack.setArchived(false);
      slack.removeApp(undefined);
      expect(await errorsOf(started, ts)).toEqual(Array.from({ length: 5 }, () => 'ok'));
    },
  );
});

describe('a person to whom the app cannot write', () => {
  it('gets no direct message', async () => {
    const { slack, client } = await startWithApp({ scopes });
    slack.refuseDirectMessages('U0BEN', 'user_not_found');
    const refusal = { data: { error: 'user_not_found' } };
    await expect(client.chat.postMessage({ channel: 'U0BEN', text: 'x' })).rejects.toMatchObject(refusal);
    await expect(client.conversations.open({ users: 'U0BEN' })).rejects.toMatchObject(refusal);
    await client.chat.postMessage({ channel: 'U0ANA', text: 'x' });
    slack.refuseDirectMessages('U0BEN', undefined);
    await client.chat.postMessage({ channel: 'U0BEN', text: 'x' });
    expect(slack.directMessages('U0BEN')).toHaveLength(1);
  });
});

describe('a deleted message', () => {
  // https://github.com/slack-go/slack/issues/1571
  it('gets replies outside its thread, without an error', async () => {
    const started = await startWithApp({ scopes });
    const { slack, client } = started;
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'Buy?' });
    slack.deleteMessage(ts);
    expect((await errorsOf(started, ts)).slice(1)).toEqual([
      'message_not_found',
      'ok',
      'thread_not_found',
      'message_not_found',
    ]);
    await client.chat.postMessage({ channel, text: 'Filled', thread_ts: ts, reply_broadcast: true });
    const last = slack.messages().at(-1);
    expect(last).toMatchObject({ text: 'Filled' });
    expect(last).not.toHaveProperty('threadTs');
    expect(() => slack.deleteMessage(ts)).toThrow(`There is no message ${ts} to delete`);
  });

  // https://github.com/hackclub/toriel/pull/238
  it('leaves a note if it has replies, and its thread goes on', async () => {
    const { slack, client } = await startWithApp({ scopes });
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'Buy?' });
    await client.chat.postMessage({ channel, text: 'Still waits', thread_ts: ts });
    slack.deleteMessage(ts);
    expect(slack.messages()[0]).toEqual({ ts, channel, bot: 'Slackbot', text: 'This message was deleted.' });
    await expect(client.chat.update({ channel, ts, text: 'x' })).rejects.toMatchObject({
      data: { error: 'cant_update_message' },
    });
    await client.chat.postMessage({ channel, text: 'Filled', thread_ts: ts });
    expect(slack.messages().map(({ threadTs }) => threadTs)).toEqual([undefined, ts, ts]);
  });
});

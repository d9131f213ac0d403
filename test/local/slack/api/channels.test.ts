// Tests a workspace with two channels: what belongs to one channel does not show or count in the other.
import { describe, expect, it } from 'vitest';
import type { Slack } from '../../../../local/slack/slack.ts';
import { botToken, lastForm, risk, startWithApp, trading } from '../../../support/start-tiny-app.ts';
import type { Started } from '../../../support/start-tiny-app.ts';

const scopes = ['chat:write', 'commands', 'channels:history', 'channels:read', 'files:write'];
const start = () => startWithApp({ scopes, channels: [trading, risk] });
const buttons = {
  type: 'actions',
  elements: [{ type: 'button', action_id: 'approve', text: { type: 'plain_text', text: 'Approve' } }],
};

const textsIn = (messages: ReturnType<Slack['messages']>, { id }: { readonly id: string }) =>
  messages.filter(({ channel }) => channel === id).map(({ text }) => text);

/** Calls the method, and returns Slack's error or `ok`. */
const errorOf = ({ client }: Started, method: string, sent: object): Promise<string> =>
  client.apiCall(method, { ...sent }).then(
    () => 'ok',
    ({ data }: { data: { error: string } }) => data.error,
  );

describe('two channels', () => {
  it('have their own messages, histories and threads', async () => {
    const { client, slack } = await start();
    const first = await client.chat.postMessage({ channel: trading.id, text: 'Buy?' });
    const second = await client.chat.postMessage({ channel: risk.id, text: 'Sell?' });
    await client.chat.postMessage({ channel: risk.id, text: 'Sold', thread_ts: second.ts ?? '' });

    expect(second.channel).toBe(risk.id);
    expect(textsIn(slack.messages(), trading)).toEqual(['Buy?']);
    expect(textsIn(slack.messages(), risk)).toEqual(['Sell?', 'Sold']);
    const history = async (channel: string) =>
      (await client.conversations.history({ channel })).messages?.map(({ text }) => text);
    expect(await history(trading.id)).toEqual(['Buy?']);
    expect(await history(risk.id)).toEqual(['Sell?']);
    const { messages } = await client.conversations.replies({ channel: risk.id, ts: second.ts ?? '' });
    expect(messages?.map(({ text }) => text)).toEqual(['Sell?', 'Sold']);
    await expect(
      client.conversations.replies({ channel: risk.id, ts: first.ts ?? '' }),
    ).rejects.toMatchObject({ data: { error: 'thread_not_found' } });
  });

  it('do not find, change or answer a message of the other', async () => {
    const started = await start();
    const { client, slack } = started;
    const { ts = '' } = await client.chat.postMessage({ channel: risk.id, text: 'Sell?' });
    const { ts: gone = '' } = await client.chat.postMessage({ channel: risk.id, text: 'Gone' });
    slack.deleteMessage(gone);
    const inTrading = { channel: trading.id, ts, text: 'x' };

    expect(await errorOf(started, 'chat.update', inTrading)).toBe('message_not_found');
    expect(await errorOf(started, 'chat.delete', { channel: trading.id, ts })).toBe('message_not_found');
    expect(await errorOf(started, 'chat.getPermalink', { channel: trading.id, message_ts: ts })).toBe(
      'message_not_found',
    );
    for (const thread_ts of [ts, gone])
      expect(await errorOf(started, 'chat.postMessage', { channel: trading.id, text: 'x', thread_ts })).toBe(
        'thread_not_found',
      );

    await client.chat.update({ channel: risk.id, ts, text: 'Sold' });
    expect(textsIn(slack.messages(), risk)).toEqual(['Sold']);
    const { permalink } = await client.chat.getPermalink({ channel: risk.id, message_ts: ts });
    expect(permalink).toBe(`${slack.url}/archives/${risk.id}/p${ts.replace('.', '')}`);
  });

  it('are the only ones: another id is channel_not_found', async () => {
    const started = await start();
    const nowhere = {
      channel: 'C0ELSEWHERE',
      ts: '1.000001',
      message_ts: '1.000001',
      user: 'U0BEN',
      text: 'x',
    };
    const { channel, ts, message_ts, user, text } = nowhere;
    for (const [method, sent] of [
      ['chat.postMessage', { channel, text }],
      ['chat.postEphemeral', { channel, user, text }],
      ['chat.update', { channel, ts, text }],
      ['chat.getPermalink', { channel, message_ts }],
      ['conversations.history', { channel }],
      ['conversations.replies', { channel, ts }],
    ] as const)
      expect(await errorOf(started, method, sent)).toBe('channel_not_found');
    await expect(started.slack.say('U0ANA', 'x', channel)).rejects.toThrow(
      'There is no channel C0ELSEWHERE; there is C0TRADING, C0RISKDESK',
    );
    expect(() => started.slack.leave('U0ANA', channel)).toThrow('There is no channel C0ELSEWHERE');
  });

  it('show a file in the channel in which it is shared', async () => {
    const { client, slack } = await start();
    await client.files.uploadV2({ channel_id: risk.id, filename: 'orders.csv', content: 'AMZN' });
    const shared = slack.messages().find(({ files }) => files !== undefined);
    expect(shared?.channel).toBe(risk.id);
  });
});

describe('a command', () => {
  it('names the channel in which it was typed, and is answered there', async () => {
    const { slack, app } = await start();
    app.answer = (response) => response.end('Checking AMZN');

    await slack.say('U0ANA', '/trade AMZN', risk.id);

    expect(lastForm(app)).toMatchObject({ channel_id: risk.id, channel_name: risk.name });
    expect(slack.seenBy('U0ANA')).toMatchObject([
      { channel: risk.id, text: 'Checking AMZN', onlyFor: 'U0ANA' },
    ]);
    const url = lastForm(app)['response_url'] ?? '';
    await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ text: 'For all', response_type: 'in_channel' }),
    });
    expect(textsIn(slack.messages(), risk)).toEqual(['For all']);

    await slack.say('U0ANA', '/trade AMZN');
    expect(lastForm(app)).toMatchObject({ channel_id: trading.id, channel_name: trading.name });
    expect(slack.seenBy('U0ANA').at(-1)?.channel).toBe(trading.id);
  });

  it('that fails, is unknown or is answered for all shows that in its channel', async () => {
    const { slack, app } = await start();
    await slack.say('U0ANA', '/unknown', risk.id);
    app.answer = (response) => response.writeHead(500).end();
    await slack.say('U0ANA', '/trade AMZN', risk.id);
    app.answer = (response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ response_type: 'in_channel', text: 'Bought' }));
    };
    await slack.say('U0ANA', '/trade MSFT', risk.id);

    expect(textsIn(slack.seenBy('U0ANA'), risk)).toEqual([
      '/unknown is not a valid command.',
      '/trade failed with the error "dispatch_failed"',
      '/trade MSFT',
      'Bought',
    ]);
    expect(textsIn(slack.seenBy('U0ANA'), trading)).toEqual([]);
  });
});

describe('a press', () => {
  it('names the channel of its message, and its response URL posts there', async () => {
    const { slack, client, app } = await start();
    const { ts = '' } = await client.chat.postMessage({ channel: risk.id, text: 'Sell?', blocks: [buttons] });

    await slack.press('U0BEN', ts, 'approve');

    const payload = JSON.parse(lastForm(app)['payload'] ?? '');
    expect(payload).toMatchObject({ channel: risk, container: { channel_id: risk.id } });
    await fetch(payload.response_url, {
      method: 'POST',
      body: JSON.stringify({ text: 'Not you', replace_original: false }),
    });
    expect(slack.seenBy('U0BEN').at(-1)).toMatchObject({ channel: risk.id, text: 'Not you' });
    const elsewhere = await client.chat.postMessage({ channel: trading.id, text: 'Buy?' });
    const reply = JSON.stringify({ text: 'x', thread_ts: elsewhere.ts, replace_original: false });
    expect((await fetch(payload.response_url, { method: 'POST', body: reply })).status).toBe(400);
  });
});

describe('a member', () => {
  it('who left one channel is only in the other', async () => {
    const started = await start();
    const { slack, client } = started;
    for (const { id, name } of [trading, risk])
      await client.chat.postMessage({ channel: id, text: `In ${name}` });
    const channelsOf = async (user: string) =>
      (await client.users.conversations({ user })).channels?.map(({ name }) => name);
    expect(await channelsOf('U0BEN')).toEqual(['trading', 'risk']);

    slack.leave('U0BEN', risk.id);
    slack.leave('U0SAM');

    expect(await channelsOf('U0BEN')).toEqual(['trading']);
    expect(await channelsOf('U0SAM')).toEqual(['risk']);
    expect(slack.seenBy('U0BEN').map(({ text }) => text)).toEqual(['In trading']);
    expect(slack.seenBy('U0SAM').map(({ text }) => text)).toEqual(['In risk']);
    expect(slack.seenBy('U0ANA')).toHaveLength(2);
    const ephemeral = (channel: string) =>
      errorOf(started, 'chat.postEphemeral', { channel, user: 'U0BEN', text: 'x' });
    expect(await ephemeral(risk.id)).toBe('user_not_in_channel');
    expect(await ephemeral(trading.id)).toBe('ok');
  });

  it('is in the first channel only, if they are a guest of one channel', async () => {
    const { client } = await start();
    const { channels } = await client.users.conversations({ user: 'U0HUGO' });
    expect(channels?.map(({ name }) => name)).toEqual(['trading']);
  });
});

describe('a channel setting', () => {
  it.each(['archived', 'public', 'private'] as const)('applies to its channel only: %s', async (state) => {
    const started = await start();
    const post = ({ id }: { readonly id: string }) =>
      errorOf(started, 'chat.postMessage', { channel: id, text: 'x' });
    const refusal = { archived: 'is_archived', public: 'not_in_channel', private: 'channel_not_found' }[
      state
    ];
    const set = (channel?: string) =>
      state === 'archived'
        ? started.slack.setArchived(true, channel)
        : started.slack.removeApp(state, channel);

    set(risk.id);
    expect([await post(trading), await post(risk)]).toEqual(['ok', refusal]);
    set();
    expect([await post(trading), await post(risk)]).toEqual([refusal, refusal]);
    const { channels } = await started.client.users.conversations({ user: 'U0BEN' });
    expect(channels).toHaveLength(state === 'private' ? 0 : 2);
  });

  it('is the rate of posts or an injected error of that channel only', async () => {
    const started = await start();
    const post = ({ id }: { readonly id: string }) =>
      errorOf(started, 'chat.postMessage', { channel: id, text: 'x' });
    started.slack.keepRates(1);
    expect([await post(trading), await post(risk)]).toEqual(['ok', 'ok']);
    const again = await fetch(`${started.slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${botToken}` },
      body: JSON.stringify({ channel: risk.id, text: 'x' }),
    });
    expect(again.status).toBe(429);
    started.slack.refuse('chat.update', 'internal_error', { channel: risk.id });
    const update = ({ id }: { readonly id: string }) =>
      errorOf(started, 'chat.update', { channel: id, ts: '1.000001', text: 'x' });
    expect([await update(trading), await update(risk)]).toEqual(['message_not_found', 'internal_error']);
  });
});

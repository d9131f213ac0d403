// Tests the Web API with the real client: its answers and its errors.
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { botToken, startWithApp } from '../../../support/start-tiny-app.ts';

const channel = 'C0TRADING';
const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });

describe('Web API', () => {
  it('auth.test returns the app and its scopes', async () => {
    const { slack, client } = await startWithApp();

    expect(await client.auth.test()).toMatchObject({
      ok: true,
      url: `${slack.url}/`,
      user: 'Countersign',
      team_id: 'T0LOCAL',
      user_id: 'U0BOT',
      bot_id: 'B0BOT',
      response_metadata: { scopes: ['chat:write', 'commands'] },
    });
  });

  it('auth.test tells whether the app is installed in an organization', async () => {
    const { slack, client } = await startWithApp();
    const ofWorkspace = { team_id: 'T0LOCAL', is_enterprise_install: false };
    expect(await client.auth.test()).toMatchObject(ofWorkspace);
    expect(await client.auth.test()).not.toHaveProperty('enterprise_id');
    slack.joinOrganization('workspace');
    expect(await client.auth.test()).toMatchObject({ ...ofWorkspace, enterprise_id: 'E0LOCAL' });
    slack.joinOrganization('whole');
    expect(await client.auth.test()).toMatchObject({
      team_id: 'E0LOCAL',
      enterprise_id: 'E0LOCAL',
      is_enterprise_install: true,
    });
  });

  it('chat.postMessage stores a message with its blocks, metadata and thread', async () => {
    const { slack, client, clock } = await startWithApp();
    const metadata = { event_type: 'approval', event_payload: { id: 'a1' } };
    const before = clock.now();

    const root = await client.chat.postMessage({
      channel,
      text: 'Buy 10 &amp; more?',
      blocks: [section('*Buy*')],
      metadata,
      unfurl_links: false,
    });
    const reply = await client.chat.postMessage({
      channel,
      text: 'Done',
      thread_ts: root.ts ?? '',
      reply_broadcast: true,
    });

    expect(root).toMatchObject({
      channel,
      message: { type: 'message', user: 'U0BOT', bot_id: 'B0BOT', text: 'Buy 10 &amp; more?', ts: root.ts },
    });
    expect(Number(root.ts)).toBeGreaterThanOrEqual(before / 1000);
    expect(slack.messages()).toEqual([
      {
        ts: root.ts,
        channel,
        bot: 'Countersign',
        text: 'Buy 10 &amp; more?',
        blocks: [{ ...section('*Buy*'), block_id: expect.any(String) }],
        metadata,
      },
      { ts: reply.ts, channel, threadTs: root.ts, bot: 'Countersign', text: 'Done', broadcast: true },
    ]);
  });

  it('timestamps increase strictly, also within a millisecond', async () => {
    const { slack } = await startWithApp();
    for (let each = 0; each < 50; each++) await slack.say('U0ANA', `${each}`);

    const all = slack.messages().map((message) => message.ts);

    expect(all).toEqual(all.toSorted());
    expect(new Set(all).size).toBe(50);
    expect(all.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true);
  });

  it('chat.postEphemeral shows a message to one person only', async () => {
    const { slack, client } = await startWithApp();

    const { message_ts: ts } = await client.chat.postEphemeral({ channel, user: 'U0BEN', text: 'Not yours' });

    expect(slack.seenBy('U0BEN')).toEqual([
      { ts, channel, bot: 'Countersign', text: 'Not yours', onlyFor: 'U0BEN' },
    ]);
    expect(slack.seenBy('U0ANA')).toEqual([]);
    expect(slack.messages()).toEqual([]);
    await expect(client.chat.update({ channel, ts: ts ?? '', text: 'x' })).rejects.toMatchObject({
      data: { error: 'message_not_found' },
    });
  });

  it('chat.update replaces a message: text without blocks removes the blocks, and the message is marked as edited', async () => {
    const { slack, client } = await startWithApp();
    const metadata = { event_type: 'approval', event_payload: { id: 'a1' } };
    const { ts = '' } = await client.chat.postMessage({
      channel,
      text: 'Buy?',
      blocks: [section('Buy?')],
      metadata,
    });

    await client.chat.update({ channel, ts, text: 'Bought', blocks: [section('Bought')] });
    expect(slack.messages()).toMatchObject([{ text: 'Bought', blocks: [section('Bought')], metadata }]);
    expect(slack.messages()[0]).not.toHaveProperty('edited');

    await client.chat.update({ channel, ts, text: 'Over' });
    expect(slack.messages()).toEqual([
      { ts, channel, bot: 'Countersign', text: 'Over', metadata, edited: expect.any(String) },
    ]);

    await client.apiCall('chat.update', { channel, ts, metadata: {} });
    expect(slack.messages()[0]).not.toHaveProperty('metadata');
  });

  // https://docs.slack.dev/reference/methods/chat.delete
  it('chat.delete removes a message of the app, and no other', async () => {
    const { slack, client } = await startWithApp();
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'Buy?' });
    await slack.say('U0ANA', 'Please do');
    const [, said] = slack.messages();

    await expect(client.chat.delete({ channel, ts })).resolves.toMatchObject({ ok: true, channel, ts });

    expect(slack.messages()).toEqual([said]);
    for (const [other = '', error] of [
      [ts, 'message_not_found'],
      [said?.ts, 'cant_delete_message'],
    ])
      await expect(client.chat.delete({ channel, ts: other })).rejects.toMatchObject({ data: { error } });
  });

  const long = (length: number) => 'x'.repeat(length);
  const ids = (...action_ids: string[]) => ({
    type: 'actions',
    elements: action_ids.map((action_id) => ({
      type: 'button',
      text: { type: 'plain_text', text: 'Go' },
      action_id,
    })),
  });

  it.for<[string, Record<string, unknown>, string, string?]>([
    ['chat.postMessage', { channel: 'C0ELSE', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { text: 'x' }, 'invalid_arguments', 'missing required field: channel'],
    ['chat.postMessage', { channel }, 'no_text'],
    ['chat.postMessage', { channel, text: '', blocks: [] }, 'no_text'],
    ['chat.postMessage', { channel, text: long(40_001) }, 'msg_too_long'],
    ['chat.postMessage', { channel, text: 'x', thread_ts: '1.000001' }, 'thread_not_found'],
    [
      'chat.postMessage',
      { channel, text: 'x', icon: ':x:' },
      'invalid_arguments',
      'unsupported argument: icon',
    ],
    ['chat.postMessage', { channel, text: 'x', metadata: { id: 1 } }, 'invalid_metadata_format'],
    ['chat.postMessage', { channel, text: 'x', blocks: 'none' }, 'invalid_blocks_format'],
    ['chat.postEphemeral', { channel, user: 'U0NOBODY', text: 'x' }, 'user_not_in_channel'],
    ['chat.postEphemeral', { channel, user: 'U0FRED', text: 'x' }, 'user_not_in_channel'],
    ['chat.update', { channel, ts: '1.000001', text: 'x' }, 'message_not_found'],
    ['chat.update', { channel, ts: '1.000001', text: long(4_001) }, 'msg_too_long'],
    ['chat.delete', { channel, ts: '1.000001' }, 'message_not_found'],
    ['chat.delete', { channel: 'C0ELSE', ts: '1.000001' }, 'channel_not_found'],
    ['chat.scheduleMessage', { channel, text: 'x' }, 'unknown_method'],
  ])('refuses $0 with $2', async ([method, sent, error, complaint]) => {
    const { client, slack } = await startWithApp();

    const refusal = await client.apiCall(method, sent).catch((thrown: { data: unknown }) => thrown.data);

    expect(refusal).toMatchObject({ ok: false, error, ...(complaint && { errors: [complaint] }) });
    expect(slack.messages()).toEqual([]);
  });

  const button = { type: 'button', text: { type: 'plain_text', text: 'Go' } };
  const actions = (changed: object) => ({ type: 'actions', elements: [{ ...button, ...changed }] });
  const chart = (changed: object, categories = ['a', 'b'], labels = categories) => ({
    type: 'data_visualization',
    title: 'AMZN',
    chart: {
      type: 'line',
      series: [{ name: 'Price', data: labels.map((label) => ({ label, value: 182.2 })) }],
      axis_config: { categories },
    },
    ...changed,
  });

  it.for<[object, string]>([
    [{ type: 'image' }, 'unsupported type: image [json-pointer:/blocks/0/type]'],
    [{ type: 'divider', colour: 'red' }, 'invalid additional property: colour [json-pointer:/blocks/0]'],
    [{ type: 'section' }, 'missing required field: text or fields [json-pointer:/blocks/0]'],
    [section(''), 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    [section(long(3_001)), 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
    [
      { type: 'header', text: { type: 'plain_text', text: long(151) } },
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      { type: 'header', text: { type: 'mrkdwn', text: 'x' } },
      'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
    ],
    [
      { type: 'section', fields: Array.from({ length: 11 }, () => section('x').text) },
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      { type: 'section', fields: [section(long(2_001)).text] },
      'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
    ],
    [
      { type: 'context', elements: [{ type: 'image' }] },
      'unsupported type: image [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      { type: 'actions', elements: [{ type: 'overflow' }] },
      'unsupported type: overflow [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      actions({ text: { type: 'plain_text', text: long(76) } }),
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      actions({ value: long(2_001) }),
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      actions({ action_id: long(256) }),
      'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
    ],
    [actions({ style: 'loud' }), 'must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]'],
    [ids('go', 'go'), '`action_id` "go" already exists for another action [json-pointer:/blocks/0]'],
    [chart({ title: long(51) }), 'must be less than 51 characters [json-pointer:/blocks/0/title]'],
    [
      chart(
        {},
        ['a'],
        Array.from({ length: 21 }, (_, index) => `${index}`),
      ),
      'no more than 20 items allowed [json-pointer:/blocks/0/chart/series/0/data]',
    ],
    [chart({}, ['a', 'a']), 'categories must be unique: "a" [json-pointer:/blocks/0/chart]'],
    [
      chart({}, ['a', 'b'], ['b', 'a']),
      'labels must match the categories: series "Price" [json-pointer:/blocks/0/chart]',
    ],
  ])('refuses a block by name: $1', async ([block, complaint]) => {
    const { client } = await startWithApp();

    const refusal = await client
      .apiCall('chat.postMessage', { channel, text: 'x', blocks: [block] })
      .catch((thrown: { data: unknown }) => thrown.data);

    expect(refusal).toMatchObject({
      error: 'invalid_blocks',
      errors: [complaint],
      response_metadata: { messages: [`[ERROR] ${complaint}`] },
    });
  });

  it('accepts two charts in a message and refuses three', async () => {
    const { client } = await startWithApp();
    const blocks = [chart({}), chart({}), chart({})];

    await client.apiCall('chat.postMessage', { channel, text: 'x', blocks: blocks.slice(1) });
    await expect(client.apiCall('chat.postMessage', { channel, text: 'x', blocks })).rejects.toMatchObject({
      data: { errors: ['a message has at most 2 blocks data_visualization [json-pointer:/blocks/2]'] },
    });
  });

  it('refuses a chart in Home', async () => {
    const { client } = await startWithApp();
    const view = { type: 'home', blocks: [chart({})] };
    await expect(client.apiCall('views.publish', { user_id: 'U0ANA', view })).rejects.toMatchObject({
      data: {
        errors: expect.arrayContaining([
          'unsupported type: data_visualization [json-pointer:/view/blocks/0/type]',
        ]),
      },
    });
  });

  it('refuses a type of blocks that the workspace does not have', async () => {
    const { client, slack } = await startWithApp();
    slack.refuseBlocks(['data_visualization']);
    const blocks = [{ type: 'divider' }, chart({})];
    await expect(client.apiCall('chat.postMessage', { channel, text: 'x', blocks })).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        errors: ['unsupported type: data_visualization [json-pointer:/blocks/1/type]'],
      },
    });
  });

  it('accepts fifty blocks and refuses fifty-one', async () => {
    const { client } = await startWithApp();
    const blocks = Array.from({ length: 51 }, () => ({ type: 'divider' as const }));

    await client.chat.postMessage({ channel, text: 'x', blocks: blocks.slice(1) });
    await expect(client.chat.postMessage({ channel, text: 'x', blocks })).rejects.toMatchObject({
      data: { errors: ['no more than 50 items allowed [json-pointer:/blocks]'] },
    });
  });

  it('lets the bot update its own messages only, and reply to messages of the channel only', async () => {
    const { client, slack } = await startWithApp();
    await slack.say('U0ANA', 'Hello');
    const ts = slack.messages()[0]?.ts ?? '';
    const reply = await client.chat.postMessage({ channel, text: 'Hi', thread_ts: ts });

    await expect(client.chat.update({ channel, ts, text: 'Bye' })).rejects.toMatchObject({
      data: { error: 'cant_update_message' },
    });
    await expect(
      client.chat.postMessage({ channel, text: 'x', thread_ts: reply.ts ?? '' }),
    ).rejects.toMatchObject({ data: { error: 'cannot_reply_to_message' } });
  });

  it('accepts the token in a header or a form, but not in JSON, and checks it first', async () => {
    const { slack } = await startWithApp();
    const post = async (headers: Record<string, string>, body: string): Promise<unknown> =>
      (await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', headers, body })).json();
    const json = { 'content-type': 'application/json; charset=utf-8' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };

    expect(await post(form, '')).toEqual({ ok: false, error: 'not_authed' });
    expect(await post(form, `token=${botToken}`)).toMatchObject({ ok: true });
    expect(await post(json, JSON.stringify({ token: botToken }))).toMatchObject({ error: 'not_authed' });
    expect(await post({ ...json, authorization: `Bearer ${botToken}` }, '{}')).toMatchObject({ ok: true });
    expect(await post(json, '{')).toMatchObject({ error: 'invalid_json' });
    expect(await post(json, '[]')).toMatchObject({ error: 'json_not_object' });
    expect(await post({ 'content-type': 'text/plain' }, 'x')).toMatchObject({ error: 'invalid_post_type' });
    const stranger = new WebClient('xoxb-other', { slackApiUrl: slack.apiUrl });
    await expect(stranger.auth.test()).rejects.toMatchObject({ data: { error: 'invalid_auth' } });
  });

  it('refuses a reply to an ephemeral message', async () => {
    const { client } = await startWithApp();
    const { message_ts = '' } = await client.chat.postEphemeral({ channel, user: 'U0BEN', text: 'Yours' });

    await expect(
      client.chat.postMessage({ channel, text: 'x', thread_ts: message_ts }),
    ).rejects.toMatchObject({
      data: { error: 'cannot_reply_to_message' },
    });
  });

  it('adds missing ids to blocks and buttons, and refuses duplicate block ids', async () => {
    const { client, slack } = await startWithApp();
    const named = { type: 'divider' as const, block_id: 'line' };

    await client.apiCall('chat.postMessage', {
      channel,
      blocks: [
        { type: 'actions', elements: [button] },
        { ...section('x'), accessory: button },
      ],
    });
    expect(slack.messages()[0]?.blocks).toMatchObject([
      { block_id: expect.any(String), elements: [{ action_id: expect.any(String) }] },
      { block_id: expect.any(String), accessory: { action_id: expect.any(String) } },
    ]);
    await expect(
      client.chat.postMessage({ channel, text: 'x', blocks: [named, named] }),
    ).rejects.toMatchObject({
      data: { errors: ['`block_id` "line" already exists [json-pointer:/blocks/1]'] },
    });
  });

  it('logs ids and never the text of a message', async () => {
    const { client, events } = await startWithApp();

    const { ts } = await client.chat.postMessage({ channel, text: 'a secret word' });

    expect(events).toEqual([{ source: 'slack', event: 'method_called', method: 'chat.postMessage', ts }]);
  });
});

// Tests button presses: what the app receives, what a failed press shows, and what a response URL can do.
import { describe, expect, it } from 'vitest';
import { lastForm, startWithApp } from '../../../support/start-tiny-app.ts';
import type { Started } from '../../../support/start-tiny-app.ts';

const channel = 'C0TRADING';
const actions = {
  type: 'actions' as const,
  block_id: 'decision',
  elements: [
    {
      type: 'button' as const,
      text: { type: 'plain_text' as const, text: 'Approve' },
      action_id: 'approve',
      value: 'a1',
      style: 'primary' as const,
    },
  ],
};

async function ask({ client }: Started): Promise<string> {
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'Buy 10 AMZN?', blocks: [actions] });
  return ts;
}

async function responseUrl(started: Started): Promise<string> {
  await started.slack.press('U0BEN', await ask(started), 'approve');
  return JSON.parse(lastForm(started.app)['payload'] ?? '').response_url;
}

async function post(url: string, body: unknown): Promise<[number, unknown]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return [response.status, await response.json()];
}

describe('button presses', () => {
  it('send block_actions with the current message', async () => {
    const started = await startWithApp();
    const { slack, app } = started;
    const ts = await ask(started);

    const answer = await slack.press('U0BEN', ts, 'approve');

    expect(answer.status).toBe(200);
    expect(JSON.parse(lastForm(app)['payload'] ?? '')).toEqual({
      type: 'block_actions',
      user: { id: 'U0BEN', username: 'ben', name: 'ben', team_id: 'T0LOCAL' },
      api_app_id: 'A0LOCAL',
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
      team: { id: 'T0LOCAL', domain: 'local' },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: channel, name: 'trading' },
      message: {
        type: 'message',
        user: 'U0BOT',
        bot_id: 'B0BOT',
        app_id: 'A0LOCAL',
        ts,
        text: 'Buy 10 AMZN?',
        team: 'T0LOCAL',
        blocks: [actions],
      },
      state: { values: {} },
      response_url: expect.stringContaining(`${slack.url}/response/`),
      actions: [
        {
          action_id: 'approve',
          block_id: 'decision',
          text: { type: 'plain_text', text: 'Approve' },
          value: 'a1',
          style: 'primary',
          type: 'button',
          action_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
        },
      ],
    });
  });

  it('are refused if the button is gone', async () => {
    const started = await startWithApp();
    const { slack, client, app } = started;
    const ts = await ask(started);
    await client.chat.update({ channel, ts, text: 'Approved by Ana' });

    await expect(slack.press('U0BEN', ts, 'approve')).rejects.toThrow(
      `The message ${ts} bears no button approve`,
    );
    await expect(slack.press('U0BEN', '1.000001', 'approve')).rejects.toThrow('There is no message 1.000001');
    expect(app.received).toEqual([]);
  });

  it('show a warning after a failure to that person only, until the next press or until no button is left', async () => {
    const started = await startWithApp();
    const { slack, app, client } = started;
    const ts = await ask(started);

    app.answer = (response) => response.writeHead(500).end();
    await slack.press('U0BEN', ts, 'approve');
    expect(slack.seenBy('U0BEN')[0]?.warning).toBe('dispatch_failed');
    expect(slack.seenBy('U0ANA')[0]).not.toHaveProperty('warning');
    expect(slack.messages()[0]).not.toHaveProperty('warning');

    app.answer = (response) => response.end();
    await slack.press('U0BEN', ts, 'approve');
    expect(slack.seenBy('U0BEN')[0]).not.toHaveProperty('warning');

    app.answer = (response) => response.writeHead(500).end();
    await slack.press('U0BEN', ts, 'approve');
    await client.chat.update({ channel, ts, text: 'Approved all the same' });
    expect(slack.seenBy('U0BEN')[0]).not.toHaveProperty('warning');
  });

  it('on an ephemeral message are possible for its person only, and send no message', async () => {
    const { slack, client, app } = await startWithApp();
    await client.chat.postEphemeral({ channel, user: 'U0BEN', text: 'Sure?', blocks: [actions] });
    const [{ ts } = { ts: '' }] = slack.seenBy('U0BEN');

    await expect(slack.press('U0ANA', ts, 'approve')).rejects.toThrow('There is no message');
    await slack.press('U0BEN', ts, 'approve');

    const payload = JSON.parse(lastForm(app)['payload'] ?? '');
    expect(payload).toMatchObject({ container: { is_ephemeral: true, message_ts: ts } });
    expect(payload).not.toHaveProperty('message');
  });

  it('give a response URL that posts privately or publicly, replaces and deletes', async () => {
    const started = await startWithApp();
    const { slack } = started;
    const url = await responseUrl(started);
    const seen = (person: string) => slack.seenBy(person).map((each) => each.text);

    expect(await post(url, { text: 'Yours alone' })).toEqual([200, { ok: true }]);
    expect([seen('U0BEN'), seen('U0ANA')]).toEqual([['Buy 10 AMZN?', 'Yours alone'], ['Buy 10 AMZN?']]);

    await post(url, { text: 'For all', response_type: 'in_channel' });
    expect(seen('U0ANA')).toEqual(['Buy 10 AMZN?', 'For all']);

    await post(url, { text: 'Approved', replace_original: true });
    expect(slack.messages()[0]).toEqual({
      ts: expect.any(String),
      channel: 'C0TRADING',
      bot: 'Countersign',
      text: 'Approved',
    });

    await post(url, { delete_original: true });
    expect(seen('U0ANA')).toEqual(['For all']);
  });

  it('give a response URL that checks the thread and refuses an unknown format', async () => {
    const started = await startWithApp();
    const { slack } = started;
    const url = await responseUrl(started);
    const [{ ts } = { ts: '' }] = slack.messages();

    await post(url, { text: 'In the thread', thread_ts: ts });
    expect(slack.seenBy('U0BEN').at(-1)).toMatchObject({ text: 'In the thread', threadTs: ts });
    expect(await post(url, { text: 'x', thread_ts: '1.000001' })).toMatchObject([
      400,
      { error: 'thread_not_found' },
    ]);
    expect(await post(url, {})).toMatchObject([400, { error: 'no_text' }]);
    expect(await post(url, 'x')).toMatchObject([400, { error: 'invalid_payload' }]);
    expect(await post(`${url}x`, { text: 'x' })).toMatchObject([404, { error: 'no_service' }]);
  });

  it('give a response URL for five uses', async () => {
    const started = await startWithApp();
    const url = await responseUrl(started);

    for (let use = 1; use <= 5; use++)
      expect(await post(url, { text: `${use}` })).toEqual([200, { ok: true }]);

    expect(await post(url, { text: '6' })).toEqual([404, { ok: false, error: 'used_url' }]);
    expect(started.slack.seenBy('U0BEN').at(-1)?.text).toBe('5');
  });

  it('give a response URL for thirty minutes', async () => {
    const started = await startWithApp();
    const url = await responseUrl(started);

    started.clock.skip(29 * 60_000);
    expect(await post(url, { text: 'In time' })).toEqual([200, { ok: true }]);
    started.clock.skip(61_000);
    expect(await post(url, { text: 'Late' })).toEqual([404, { ok: false, error: 'expired_url' }]);
  });
});

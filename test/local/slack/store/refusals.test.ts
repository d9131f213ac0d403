// Tests failures on demand: what the real client sees, how long they last, and which effects they leave.
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { botToken, startWithApp } from '../../../support/start-tiny-app.ts';
import type { Started } from '../../../support/start-tiny-app.ts';

const say = ({ client }: Started) => client.chat.postMessage({ channel: 'C0TRADING', text: 'Buy?' });
const texts = ({ slack }: Started) => slack.messages().map(({ text }) => text);

describe('failures on demand', () => {
  it('affect one method a given number of times', async () => {
    const started = await startWithApp();
    const { slack, client, events } = started;

    slack.refuse('chat.postMessage', 'not_in_channel', { times: 2 });

    for (let each = 0; each < 2; each++)
      await expect(say(started)).rejects.toMatchObject({ data: { ok: false, error: 'not_in_channel' } });
    expect(await client.auth.test()).toMatchObject({ ok: true });
    expect(texts(started)).toEqual([]);
    expect(events[0]).toEqual({
      source: 'slack',
      event: 'refused_on_demand',
      method: 'chat.postMessage',
      error: 'not_in_channel',
      after: false,
    });
    await say(started);
    expect(texts(started)).toEqual(['Buy?']);
  });

  it('last until they are removed if no number is given', async () => {
    const started = await startWithApp();

    started.slack.refuse('chat.postMessage', 'account_inactive');
    for (let each = 0; each < 5; each++)
      await expect(say(started)).rejects.toMatchObject({ data: { error: 'account_inactive' } });
    started.slack.stopFailing('chat.postMessage');

    expect(await say(started)).toMatchObject({ ok: true });
  });

  it('affect one channel only, if it is named', async () => {
    const started = await startWithApp();
    started.slack.refuse('chat.postMessage', 'is_archived', { channel: 'C0TRADING' });
    await expect(say(started)).rejects.toMatchObject({ data: { error: 'is_archived' } });
    const direct = started.client.chat.postMessage({ channel: 'U0ANA', text: 'Buy?' });
    expect(await direct).toMatchObject({ ok: true });
    await expect(say(started)).rejects.toMatchObject({ data: { error: 'is_archived' } });
  });

  // https://docs.slack.dev/apis/web-api/rate-limits
  it('can be rate limits: HTTP 429 with seconds to wait, which the client respects', async () => {
    const { slack } = await startWithApp();
    const headers = { authorization: `Bearer ${botToken}` };
    slack.refuse('auth.test', 'ratelimited', { times: 2, retryAfterSeconds: 7 });

    const answer = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', headers });
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
      429,
      '7',
      { ok: false, error: 'ratelimited' },
    ]);

    const impatient = new WebClient(botToken, { slackApiUrl: slack.apiUrl, rejectRateLimitedCalls: true });
    await expect(impatient.auth.test()).rejects.toMatchObject({ retryAfter: 7 });
    expect(await impatient.auth.test()).toMatchObject({ ok: true });
  });

  it('can cut the connection before a call, without an effect, or after it', async () => {
    const started = await startWithApp();

    started.slack.refuse('chat.postMessage', 'no_answer', { times: 1 });
    await expect(say(started)).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(texts(started)).toEqual([]);

    started.slack.refuse('chat.postMessage', 'no_answer', { times: 1, after: true });
    await expect(say(started)).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(texts(started)).toEqual(['Buy?']);
    expect(started.events.at(-1)).toMatchObject({
      event: 'refused_on_demand',
      error: 'no_answer',
      after: true,
    });
  });

  it('can be errors after the effect', async () => {
    const started = await startWithApp();

    started.slack.refuse('chat.postMessage', 'internal_error', { times: 1, after: true });

    await expect(say(started)).rejects.toMatchObject({ data: { error: 'internal_error' } });
    expect(texts(started)).toEqual(['Buy?']);
  });

  it('are refused for an unknown method', async () => {
    const { slack } = await startWithApp();

    expect(() => slack.refuse('chat.postMesage', 'internal_error')).toThrow(
      'There is no method chat.postMesage here to refuse',
    );
  });
});

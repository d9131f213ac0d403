// Refusals on demand: what the real client sees of each kind, how long they last, and what they leave done.
import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { botToken, startWithApp } from '../../../support/start-tiny-app.ts';
import type { Started } from '../../../support/start-tiny-app.ts';

const say = ({ client }: Started) => client.chat.postMessage({ channel: 'C0TRADING', text: 'Buy?' });
const texts = ({ slack }: Started) => slack.messages().map(({ text }) => text);

test('a method is refused by name so many times, then answers for itself again; other methods always do', async () => {
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

test('without a number it lasts until it is taken back', async () => {
  const started = await startWithApp();

  started.slack.refuse('chat.postMessage', 'account_inactive');
  for (let each = 0; each < 5; each++)
    await expect(say(started)).rejects.toMatchObject({ data: { error: 'account_inactive' } });
  started.slack.stopFailing('chat.postMessage');

  expect(await say(started)).toMatchObject({ ok: true });
});

// https://docs.slack.dev/apis/web-api/rate-limits
test('ratelimited is HTTP 429 with the seconds to wait, which the client heeds', async () => {
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

test('a line cut before the call leaves nothing done, one cut after it leaves it done', async () => {
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

test('an error may come after the effect too', async () => {
  const started = await startWithApp();

  started.slack.refuse('chat.postMessage', 'internal_error', { times: 1, after: true });

  await expect(say(started)).rejects.toMatchObject({ data: { error: 'internal_error' } });
  expect(texts(started)).toEqual(['Buy?']);
});

test('a name that is no method is refused at once: it would never be called', async () => {
  const { slack } = await startWithApp();

  expect(() => slack.refuse('chat.postMesage', 'internal_error')).toThrow(
    'There is no method chat.postMesage here to refuse',
  );
});

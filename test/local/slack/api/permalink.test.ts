// What needs a scope, and what a permalink leads to.
import { expect, test } from 'vitest';
import { startWithApp } from '../../../support/start-tiny-app.ts';

const channel = 'C0TRADING';

// https://docs.slack.dev/reference/methods/chat.getPermalink
test('a permalink is an address of the page; a reply’s names its thread', async () => {
  const { slack, client } = await startWithApp();
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'Buy?' });
  const reply = await client.chat.postMessage({ channel, text: 'Bought', thread_ts: ts });
  const pointOf = (each: string) => `p${each.replace('.', '')}`;

  const root = await client.chat.getPermalink({ channel, message_ts: ts });
  const leaf = await client.chat.getPermalink({ channel, message_ts: reply.ts ?? '' });

  expect(root).toMatchObject({ channel, permalink: `${slack.url}/archives/${channel}/${pointOf(ts)}` });
  expect(leaf.permalink).toBe(
    `${slack.url}/archives/${channel}/${pointOf(reply.ts ?? '')}?thread_ts=${ts}&cid=${channel}`,
  );
  const page = await fetch(root.permalink ?? '');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});

test.for([
  ['C0ELSE', '1.000001', 'channel_not_found'],
  [channel, '1.000001', 'message_not_found'],
])('there is no permalink to %s %s', async ([elsewhere = '', message_ts = '', error]) => {
  const { client } = await startWithApp();

  await expect(client.chat.getPermalink({ channel: elsewhere, message_ts })).rejects.toMatchObject({
    data: { error },
  });
});

// Each method's page names its scope; views.open, auth.test and chat.getPermalink name none.
test('a call the manifest’s scopes do not cover is refused, whatever it carries', async () => {
  const { slack, client } = await startWithApp({ scopes: ['commands'] });

  for (const method of ['chat.postMessage', 'chat.update', 'chat.postEphemeral'])
    await expect(client.apiCall(method, { channel })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'chat:write', provided: 'commands' },
    });

  expect(await client.auth.test()).toMatchObject({ ok: true });
  expect(slack.messages()).toEqual([]);
});

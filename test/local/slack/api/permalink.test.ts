// Tests permalinks and the scopes of calls.
import { describe, expect, it } from 'vitest';
import { startWithApp } from '../../../support/start-tiny-app.ts';

const channel = 'C0TRADING';

// https://docs.slack.dev/reference/methods/chat.getPermalink
describe('permalinks', () => {
  it('are addresses of the page, and name the thread of a reply', async () => {
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

  it.for([
    ['C0ELSE', '1.000001', 'channel_not_found'],
    [channel, '1.000001', 'message_not_found'],
  ])('do not exist for %s %s', async ([elsewhere = '', message_ts = '', error]) => {
    const { client } = await startWithApp();

    await expect(client.chat.getPermalink({ channel: elsewhere, message_ts })).rejects.toMatchObject({
      data: { error },
    });
  });

  // Each method's page names its scope; views.open, auth.test and chat.getPermalink name none.
  it('need a scope of the manifest, like every call', async () => {
    const { slack, client } = await startWithApp({ scopes: ['commands'] });

    for (const method of ['chat.postMessage', 'chat.update', 'chat.postEphemeral'])
      await expect(client.apiCall(method, { channel })).rejects.toMatchObject({
        data: { error: 'missing_scope', needed: 'chat:write', provided: 'commands' },
      });

    expect(await client.auth.test()).toMatchObject({ ok: true });
    expect(slack.messages()).toEqual([]);
  });
});

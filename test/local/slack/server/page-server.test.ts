// Tests the server of the page: what it sends to a browser, and which requests it refuses.
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startWithApp } from '../../../support/start-tiny-app.ts';

/** A request with headers that `fetch` would not let one set. */
function ask(url: string, headers: Record<string, string>, body?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const json = { 'content-type': 'application/json' };

describe('page server', () => {
  it('sends a content security policy that allows nothing from elsewhere', async () => {
    const { slack } = await startWithApp();

    const page = await fetch(slack.url);

    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await page.text()).not.toMatch(/https?:\/\/|<script>|style="/);
    expect((await fetch(`${slack.url}/../slack.ts`)).status).toBe(404);
    expect((await fetch(`${slack.url}/page/press`)).status).toBe(404);
  });

  it('returns the state that a person sees', async () => {
    const { slack, client } = await startWithApp();
    await client.chat.postEphemeral({ channel: 'C0TRADING', user: 'U0BEN', text: 'Yours' });
    const stateOf = async (person: string): Promise<unknown> =>
      (await fetch(`${slack.url}/page/state?person=${person}`)).json();

    expect(await stateOf('U0BEN')).toMatchObject({
      channels: [{ id: 'C0TRADING', name: 'trading' }],
      app: { name: 'Countersign' },
      messages: [{ text: 'Yours' }],
    });
    expect(await stateOf('U0ANA')).toMatchObject({ messages: [] });
  });

  it('sends one event for each change', async () => {
    const { slack } = await startWithApp();
    const stream = (await fetch(`${slack.url}/page/events`)).body?.pipeThrough(new TextDecoderStream());
    const reader = stream?.getReader();
    await reader?.read();

    await slack.say('U0ANA', 'Hello');

    expect(await reader?.read()).toEqual({ done: false, value: 'event: changed\ndata:\n\n' });
    await reader?.cancel();
  });

  it('says and presses for a person, and returns an error if that is impossible', async () => {
    const { slack } = await startWithApp();
    const post = (path: string, body: unknown, headers: Record<string, string> = json) =>
      fetch(`${slack.url}/page/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });

    expect((await post('say', { person: 'U0ANA', text: 'Hello' })).status).toBe(200);
    expect(slack.messages()).toMatchObject([{ user: 'U0ANA', text: 'Hello' }]);

    const messageTs = slack.messages()[0]?.ts;
    const gone = await post('press', { person: 'U0ANA', where: messageTs, actionId: 'approve' });
    expect([gone.status, await gone.json()]).toEqual([
      409,
      { error: `The message ${messageTs} bears no button approve` },
    ]);
    expect((await post('press', { person: 'U0ANA' })).status).toBe(400);
    expect((await post('say', { person: 'U0ANA', text: 'x' }, { 'content-type': 'text/plain' })).status).toBe(
      400,
    );
    expect(slack.messages()).toHaveLength(1);
  });

  it('stops reading a body after one megabyte', async () => {
    const { slack } = await startWithApp();
    const body = JSON.stringify({ person: 'U0ANA', text: 'x'.repeat(1_000_001) });

    const response = await fetch(`${slack.url}/page/say`, { method: 'POST', headers: json, body });

    expect(response.status).toBe(413);
    expect(slack.messages()).toEqual([]);
  });

  it('refuses a foreign host or origin on every path', async () => {
    const { slack } = await startWithApp();
    const say = JSON.stringify({ person: 'U0ANA', text: 'Hello' });
    const { host, port } = new URL(slack.url);

    expect(await ask(slack.url, { host: `evil.example:${port}` })).toBe(403);
    expect(await ask(`${slack.url}/page/state`, { host: 'evil.example' })).toBe(403);
    expect(await ask(`${slack.url}/page/say`, { ...json, host, origin: 'http://evil.example' }, say)).toBe(
      403,
    );
    expect(await ask(`${slack.url}/page/say`, { ...json, host, origin: 'null' }, say)).toBe(403);
    expect(slack.messages()).toEqual([]);
    expect(await ask(`${slack.url}/page/say`, { ...json, host, origin: slack.url }, say)).toBe(200);
  });
});

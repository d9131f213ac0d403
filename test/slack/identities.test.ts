// Tests the lookup of names and e-mail addresses, with Slack's own client over HTTP.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cachedIdentities, type IdentityOf } from '../../slack/identities.ts';
import { silent } from '../support/start-tiny-app.ts';
import { ANA, openSlackWorkspace } from '../support/slack-workspace.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let server: Server;
let slack: WebClient;
/** The people whom Slack was asked about, in the order of the calls. */
let asked: string[];
let answer: { readonly status?: number; readonly after?: number; readonly body: object };
let time: number;
let identityOf: IdentityOf;

beforeAll(async () => {
  server = createServer((request, response) => {
    let form = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (form += chunk));
    request.on('end', () => {
      asked.push(new URLSearchParams(form).get('user') ?? '');
      const { status = 200, after = 0, body } = answer;
      const headers = { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '30' }) };
      setTimeout(() => response.writeHead(status, headers).end(JSON.stringify(body)), after);
    });
  });
  await new Promise<void>((opened) => server.listen(0, '127.0.0.1', opened));
  const slackApiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  slack = new WebClient('xoxb-test', { ...options, slackApiUrl });
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

beforeEach(() => {
  [asked, time] = [[], Date.parse('2026-11-02T10:00:00.000Z')];
  answer = named('Ana Silva');
  identityOf = cachedIdentities(() => new Date(time));
});

const options: WebClientOptions = {
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  logger: silent,
};

function named(name: string) {
  return { body: { ok: true, user: { profile: { real_name: name, email: 'ana@local.example' } } } };
}

describe('cachedIdentities', () => {
  it('returns the name, the e-mail address and the time zone from the local Slack, as the manifest allows', async () => {
    const workspace = await openSlackWorkspace();
    expect(await identityOf(ANA, workspace.client)).toEqual({
      name: 'Ana',
      email: 'ana@local.example',
      timeZone: 'Etc/UTC',
    });
    expect(await identityOf('U0ROBO', workspace.client)).toMatchObject({ name: 'Robo' });
    await workspace.slack.close();
  });

  it('calls Slack once per person and hour, and then finds a new name', async () => {
    const first = { name: 'Ana Silva', email: 'ana@local.example' };
    expect(await identityOf('U0ANA', slack)).toEqual(first);
    answer = named('Ana Souza');
    time += HOUR - 1;
    expect(await identityOf('U0ANA', slack)).toEqual(first);
    expect(asked).toEqual(['U0ANA']);
    time += 1;
    expect(await identityOf('U0ANA', slack)).toEqual({ name: 'Ana Souza', email: 'ana@local.example' });
    expect(await identityOf('U0BEN', slack)).toMatchObject({ name: 'Ana Souza' });
    expect(asked).toEqual(['U0ANA', 'U0ANA', 'U0BEN']);
  });

  it('calls Slack once if two need the same person at the same time', async () => {
    answer = { ...answer, after: 50 };
    const both = [identityOf('U0ANA', slack), identityOf('U0ANA', slack)];
    expect(await Promise.all(both)).toEqual([expect.anything(), expect.anything()]);
    expect(asked).toEqual(['U0ANA']);
  });

  it.each<[string, object | undefined, object]>([
    ['a name outside the profile only', { real_name: 'Ana', profile: {} }, { name: 'Ana' }],
    [
      'empty strings and null',
      { real_name: 'Ana', profile: { real_name: '', email: null } },
      { name: 'Ana' },
    ],
    ['no profile', { id: 'U0ANA' }, {}],
    [
      'a name of two lines',
      { profile: { real_name: 'Ana\n2026-11-02,U0BEN' } },
      { name: 'Ana 2026-11-02,U0BEN' },
    ],
  ])('accepts %s', async (_, user, expected) => {
    answer = { body: { ok: true, user } };
    expect(await identityOf('U0ANA', slack)).toEqual(expected);
  });

  it.each<[string, typeof answer]>([
    ['user_not_found', { body: { ok: false, error: 'user_not_found' } }],
    ['missing_scope', { body: { ok: false, error: 'missing_scope' } }],
    ['account_inactive', { body: { ok: false, error: 'account_inactive' } }],
    ['a rate limit', { status: 429, body: {} }],
    ['an internal failure', { status: 500, body: {} }],
    ['an answer without a user', { body: { ok: true } }],
    ['a malformed user', { body: { ok: true, user: { profile: { real_name: 7 } } } }],
  ])('returns undefined after %s, and calls Slack again after a minute', async (_, failure) => {
    const working = answer;
    answer = failure;
    expect(await identityOf('U0ANA', slack)).toBeUndefined();
    answer = working;
    time += MINUTE - 1;
    expect(await identityOf('U0ANA', slack)).toBeUndefined();
    expect(asked).toHaveLength(1);
    time += 1;
    expect(await identityOf('U0ANA', slack)).toMatchObject({ name: 'Ana Silva' });
  });

  it('returns undefined if Slack cannot be reached', async () => {
    const unreachable = new WebClient('xoxb-test', { ...options, slackApiUrl: 'http://127.0.0.1:1/api/' });
    expect(await identityOf('U0ANA', unreachable)).toBeUndefined();
  });

  it('returns undefined after two seconds, does not wait again, and keeps the late answer', async () => {
    answer = { ...answer, after: 2_500 };
    const start = performance.now();
    expect(await identityOf('U0ANA', slack)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2_300);
    expect(await identityOf('U0ANA', slack)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2_300);
    await pause(1_000);
    expect(await identityOf('U0ANA', slack)).toMatchObject({ name: 'Ana Silva' });
    expect(asked).toEqual(['U0ANA']);
  });

  it('remembers the last thousand people only', async () => {
    const person = (index: number) => `U${index}`;
    for (let index = 0; index < 1_001; index += 1) await identityOf(person(index), slack);
    asked = [];
    await identityOf(person(1), slack);
    await identityOf(person(1_000), slack);
    expect(asked).toEqual([]);
    await identityOf(person(0), slack);
    expect(asked).toEqual([person(0)]);
  });
});

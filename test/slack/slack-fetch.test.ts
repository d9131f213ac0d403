// Tests calls to Slack by node:https with Slack's own client.
import { createServer, type Server } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setDefaultCACertificates } from 'node:tls';
import { ErrorCode, WebClient, type WebClientOptions } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate } from '../../bench/certificate.ts';
import { retryAfter } from '../../slack/slack-errors.ts';
import { slackFetch } from '../../slack/slack-fetch.ts';

let server: Server;
let slack: WebClient;
let options: WebClientOptions;
let asked: { readonly headers: IncomingHttpHeaders; readonly body: string } | undefined;
let answer: {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
  /** Milliseconds. */
  readonly after?: number;
};

beforeAll(async () => {
  const certificate = createCertificate();
  setDefaultCACertificates([certificate.cert]);
  server = createServer(certificate, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked = { headers: request.headers, body: Buffer.concat(chunks).toString() };
      const { status, headers, body, after = 0 } = answer;
      setTimeout(() => response.writeHead(status, headers).end(body), after);
    });
  });
  await new Promise<void>((opened) => server.listen(0, '127.0.0.1', opened));
  options = {
    slackApiUrl: `https://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    fetch: slackFetch,
  };
  slack = new WebClient('xoxb-test', options);
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const post = () => slack.chat.postMessage({ channel: 'C0TRADING', text: 'Żółć' });

describe('slackFetch', () => {
  it('sends the request of the client and returns the response', async () => {
    answer = { status: 200, headers: { 'x-oauth-scopes': 'chat:write' }, body: '{"ok":true,"ts":"1.2"}' };
    expect(await post()).toMatchObject({ ts: '1.2', response_metadata: { scopes: ['chat:write'] } });
    expect(asked?.headers).toMatchObject({ authorization: 'Bearer xoxb-test', 'content-length': '47' });
    expect(new URLSearchParams(asked?.body).get('text')).toBe('Żółć');
  });

  it('lets the client distinguish a rate limit, an error and a failed connection', async () => {
    answer = { status: 429, headers: { 'Retry-After': '7' }, body: '' };
    expect(await post().catch(retryAfter)).toBe(7);
    for (const headers of [{}, { 'Retry-After': '' }, { 'Retry-After': 'soon' }, { 'Retry-After': '0' }]) {
      answer = { status: 429, headers, body: '' };
      expect(await post().catch(retryAfter)).toBe(30);
    }
    for (const error of ['ratelimited', 'rate_limited']) {
      answer = { status: 200, body: JSON.stringify({ ok: false, error }) };
      expect(await post().catch(retryAfter)).toBe(30);
    }
    answer = { status: 200, body: '{"ok":false,"error":"not_in_channel"}' };
    await expect(post()).rejects.toMatchObject({ code: ErrorCode.PlatformError });
    answer = { status: 500, body: 'oops' };
    await expect(post()).rejects.toMatchObject({ code: ErrorCode.HTTPError, statusCode: 500 });
  });

  it('stops waiting after the given time', async () => {
    answer = { status: 200, body: '{"ok":true}', after: 500 };
    const hasty = new WebClient('xoxb-test', { ...options, timeout: 50 });
    await expect(hasty.auth.test()).rejects.toMatchObject({ code: ErrorCode.RequestError });
  });

  it('sends a file, and reports why nothing could be sent', async () => {
    answer = { status: 200, body: '{"ok":true}' };
    await slack.apiCall('files.upload', { file: Buffer.from('a,b') });
    expect(asked?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(asked?.body).toContain('a,b');
    await expect(slackFetch('https://127.0.0.1:1/')).rejects.toThrow('ECONNREFUSED');
  });
});

// Sends requests to Slack with node:https, for Slack's client and for private answers. The first `fetch` of a process
// would load undici, which takes a third of the time that a cold start needs to answer a press.
import { Agent, request, type RequestOptions } from 'node:https';
import type { FetchFunction } from '@slack/web-api';
import { DEFAULT_RETRY_AFTER_SECONDS } from './error-codes.ts';

type Response = Awaited<ReturnType<FetchFunction>>;

/**
 * Closes idle connections after 4 seconds. Lambda freezes the function between invocations, and Slack may close a
 * connection meanwhile.
 */
const agent = new Agent({ keepAlive: true, timeout: 4_000 });

export const slackFetch: FetchFunction = async (address, init = {}) => {
  const url = String(address);
  const { method = 'POST', headers = {}, body = '', signal } = init;
  // `fetch` sends file uploads, which are multipart forms, and requests to the local Slack, which has no TLS. Neither
  // needs a fast cold start.
  if (!url.startsWith('https://') || typeof body !== 'string') return fetched(url, init);
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return send(url, { method, headers: { ...headers, ...length }, ...(signal && { signal }) }, body);
};

async function fetched(url: string, init: Parameters<FetchFunction>[1]): Promise<Response> {
  const response = await fetch(url, init);
  if (response.status !== 429) return response;
  const body = Buffer.from(await response.arrayBuffer());
  return toResponse(url, 429, response.statusText, new Map(response.headers), body);
}

function send(url: string, options: RequestOptions, body: string): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const sent = request(url, { agent, ...options }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const { statusCode: status = 0, statusMessage: statusText = '' } = response;
      const received = Object.entries(response.headers).map(
        ([name, value]) => [name, String(value)] as const,
      );
      resolve(toResponse(url, status, statusText, new Map(received), Buffer.concat(chunks)));
    });
  });
  sent.on('error', reject).end(body);
  return promise;
}

/** The part of a `Response` that callers read. The global class `Response` would load undici. */
function toResponse(
  url: string,
  status: number,
  statusText: string,
  received: ReadonlyMap<string, string>,
  body: Buffer,
): Response {
  const headers = status === 429 ? withRetryAfter(received) : received;
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText,
    url,
    headers: { get: (name) => headers.get(name.toLowerCase()) ?? null, entries: () => [...headers] },
    arrayBuffer: async () => new Uint8Array(body).buffer,
    json: async () => JSON.parse(body.toString()),
    text: async () => body.toString(),
  };
}

/** Without a valid header, Slack's client would throw an error that does not say that the rate is limited. */
function withRetryAfter(headers: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (/^[1-9]\d*$/.test(headers.get('retry-after') ?? '')) return headers;
  return new Map([...headers, ['retry-after', String(DEFAULT_RETRY_AFTER_SECONDS)]]);
}

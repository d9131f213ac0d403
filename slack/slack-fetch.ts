// Calls to Slack by node:https: the first `fetch` of a process loads all of undici, a third of what a cold press costs.
// Slack's client calls with it, and private answers are sent by it.
import { Agent, request, type RequestOptions } from 'node:https';
import type { FetchFunction } from '@slack/web-api';

type Response = Awaited<ReturnType<FetchFunction>>;

/** A connection that rested for longer may be gone on the other side: a function sleeps between two presses. */
const agent = new Agent({ keepAlive: true, timeout: 4_000 });

export const slackFetch: FetchFunction = async (address, init = {}) => {
  const url = String(address);
  const { method = 'POST', headers = {}, body = '', signal } = init;
  // A file is a form of parts, which node:https cannot write; on this machine there is no TLS. Both are no press.
  if (!url.startsWith('https://') || typeof body !== 'string') return fetch(url, init);
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return send(url, { method, headers: { ...headers, ...length }, ...(signal && { signal }) }, body);
};

function send(url: string, options: RequestOptions, body: string): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const sent = request(url, { agent, ...options }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const { statusCode: status = 0, statusMessage: statusText = '' } = response;
      const given = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
      resolve(answered(url, status, statusText, new Map(given), Buffer.concat(chunks)));
    });
  });
  sent.on('error', reject).end(body);
  return promise;
}

/** The part of a `Response` that is read: its own class is undici's. */
function answered(
  url: string,
  status: number,
  statusText: string,
  headers: ReadonlyMap<string, string>,
  body: Buffer,
): Response {
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

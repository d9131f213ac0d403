// Reads HTTP requests, answers them, and refuses requests from other sites.
// Used by `server.ts` and the page's server; `run-command.ts` and `submit-modal.ts` parse the app's answers with it.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** False for a request of another site's page, or to another host name that resolves to this machine. */
export function isOurs({ headers }: IncomingMessage, url: string): boolean {
  const ours = new URL(url).host;
  const hosts = [ours, ours.replace('127.0.0.1', 'localhost')];
  const { host = '', origin } = headers;
  return hosts.includes(host) && (origin === undefined || hosts.some((each) => origin === `http://${each}`));
}

/** Undefined if the body has more than `longest` bytes. */
export async function readBody(request: IncomingMessage, longest: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > longest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

// Opens HTTP servers on loopback, answers their requests, and reads request bodies. `endpoints.ts` opens one server for
// the AWS endpoint and one for each function URL.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '../core/context.ts';

export interface Listener {
  readonly server: Server;
  readonly url: string;
  close(): Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Port 0 picks a free one. */
export async function listen(port: number): Promise<Listener> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const chosen = typeof address === 'object' && address ? address.port : port;
  return {
    server,
    url: `http://127.0.0.1:${chosen}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers each request. An exception ends the response, with status 500 if no headers were sent. */
export function serve({ server }: Listener, answer: Answer, log: Log): void {
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log({ source: 'gateway', event: 'request_failed', path: request.url, error: String(error) });
      if (!response.headersSent) response.statusCode = 500;
      response.end();
    });
  });
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

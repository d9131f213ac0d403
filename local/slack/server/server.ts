// The HTTP server of the local Slack: routes each path to its handler.
// Started by `slack.ts`; the app calls `/api/`, `/response/` and `/upload/`, a browser everything else.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { UserActions } from '../events/user-actions.ts';
import { answerJson, isOurs, parseJson, readBody } from './http.ts';
import type { Installation } from '../store/installation.ts';
import { servePage } from './page-server.ts';
import { respond } from '../api/response-url.ts';
import { receiveUpload } from '../api/upload.ts';
import { callMethod } from '../api/web-api.ts';

const longestBody = 1_000_000;
const longestUpload = 20_000_000;

export function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

export function serve(server: Server, installation: Installation, userActions: UserActions): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    route(installation, userActions, request, response).catch((error: unknown) => {
      // Logs only the first part of the path, because a response URL is a secret.
      const root = request.url?.split('/')[1];
      installation.log({ source: 'slack', event: 'request_failed', root, error: String(error) });
      if (response.headersSent) response.end();
      else answerJson(response, 500, { ok: false, error: 'internal_error' });
    });
  });
}

async function route(
  installation: Installation,
  userActions: UserActions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isOurs(request, installation.url)) return answerJson(response, 403, { ok: false, error: 'forbidden' });
  const { pathname } = new URL(request.url ?? '/', installation.url);
  const [, root = '', name = '', ticket = ''] = pathname.split('/');
  const bytes = await readBody(request, root === 'upload' ? longestUpload : longestBody);
  if (bytes === undefined) return answerJson(response, 413, { ok: false, error: 'request_too_large' });
  if (request.method === 'POST' && root === 'upload') {
    const size = await receiveUpload(installation, ticket, request.headers['content-type'] ?? '', bytes);
    await installation.saved();
    if (size === undefined) return answerJson(response, 400, { ok: false, error: 'invalid_upload' });
    return answerJson(response, 200, { ok: true, size });
  }
  const body = bytes.toString('utf8');
  if (request.method === 'POST' && root === 'api') {
    response.setHeader('x-oauth-scopes', installation.manifest.scopes.join(','));
    const answer = callMethod(installation, apiRequest(request, name, body));
    await installation.saved();
    if (answer) return answerJson(response, answer.status, answer.body, answer.headers);
    request.socket.destroy();
    return undefined;
  }
  if (request.method === 'POST' && root === 'response') {
    const { status, body: said } = respond(installation, name, parseJson(body));
    await installation.saved();
    return answerJson(response, status, said);
  }
  return servePage({ installation, userActions, request, response, pathname, sent: parseJson(body) });
}

function apiRequest({ headers }: IncomingMessage, method: string, body: string) {
  return {
    method,
    body,
    contentType: headers['content-type'] ?? '',
    authorization: headers.authorization ?? '',
  };
}

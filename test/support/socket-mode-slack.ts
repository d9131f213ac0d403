// A Slack for an app in Socket Mode: the local Slack, whose requests are sent as envelopes over a WebSocket and
// answered by the acknowledgements. The envelopes follow https://docs.slack.dev/apis/events-api/using-socket-mode and
// https://api.slack.com/apis/connections/socket-implement
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createClock } from '../../local/clock.ts';
import { type Slack, startSlack } from '../../local/slack/slack.ts';

export const tokens = { bot: 'xoxb-of-the-workspace', app: 'xapp-of-the-app' } as const;

interface Envelope {
  readonly envelope_id: string;
  readonly type: string;
  readonly accepts_response_payload: boolean;
  readonly payload: object;
}

export interface SocketModeSlack {
  readonly slack: Slack;
  /** For SLACK_API_URL. */
  readonly apiUrl: string;
  /** Every envelope, as it was sent first. */
  readonly sent: readonly Envelope[];
  /** What was acknowledged, in order. */
  readonly acknowledged: readonly { readonly envelope_id: string; readonly payload?: object }[];
  /** How often a connection was opened. */
  readonly connections: () => number;
  readonly send: (envelope: Envelope) => void;
  /** Asks the app to connect anew, as Slack does every few hours. */
  readonly refresh: (reason?: 'warning' | 'refresh_requested') => void;
  /** Cuts every connection without a word. */
  readonly cut: () => void;
  /** Cuts each connection as soon as it has said hello. */
  readonly cutAtHello: () => void;
  /** Cuts it as soon as the next envelope is sent, and lets nobody in before `open`. */
  readonly cutAtNext: () => void;
  readonly open: () => void;
  /** `apps.connections.open` answers this error. */
  readonly refuse: (error: string) => void;
}

export async function startSocketModeSlack(): Promise<SocketModeSlack> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const slack = await startSlack({
    port: 0,
    clock: createClock(),
    manifest: 'manifest.yml',
    botToken: tokens.bot,
    signingSecret: 'Socket Mode signs nothing',
    channels: [{ id: 'C0TRADING', name: 'trading' }],
    requestUrl: () => `http://${host}/request`,
    log: () => {},
  });
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
    await slack.close();
  });
  const sent: Envelope[] = [];
  const acknowledged: { envelope_id: string; payload?: object }[] = [];
  const waiting = new Map<string, (payload: object | undefined) => void>();
  let [connections, isCutAtHello, isCutAtNext, isAway] = [0, false, false, false];
  let refusal: string | undefined;

  sockets.on('connection', (socket) => {
    connections += 1;
    socket.on('message', (message: Buffer) => {
      const ack: { envelope_id: string; payload?: object } = JSON.parse(message.toString());
      acknowledged.push(ack);
      waiting.get(ack.envelope_id)?.(ack.payload);
      waiting.delete(ack.envelope_id);
    });
    const debug_info = { host: 'applink-1', started: '2026-11-22 12:00:00', build_number: 54 };
    const hello = { type: 'hello', connection_info: { app_id: 'A0LOCAL' }, num_connections: 1, debug_info };
    socket.send(JSON.stringify(hello), () => {
      if (isCutAtHello) socket.terminate();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });
  server.on('request', (request, response) => void route(request, response));

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, root, method = ''] = (request.url ?? '').split('/');
    const body = await text(request);
    if (root === 'request') return passOn(request, response, body);
    if (method === 'apps.connections.open') return openConnection(request, response);
    const { 'content-type': type = '', authorization = '' } = request.headers;
    const headers = { 'content-type': type, authorization };
    const answer = await fetch(`${slack.apiUrl}${method}`, { method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  }

  function openConnection({ headers }: IncomingMessage, response: ServerResponse): void {
    if (isAway) return void response.writeHead(503).end();
    const error = refusal ?? (headers.authorization === `Bearer ${tokens.app}` ? undefined : 'invalid_auth');
    const answer = error
      ? { ok: false, error }
      : { ok: true, url: `ws://${host}/link/?ticket=${randomUUID()}` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  /** A request of the small Slack waits for its envelope's acknowledgement; it gives up by itself after three seconds. */
  function passOn({ headers }: IncomingMessage, response: ServerResponse, body: string): void {
    const envelope = envelopeOf(headers['content-type'] ?? '', body);
    waiting.set(envelope.envelope_id, (payload = {}) => {
      const isEmpty = Object.keys(payload).length === 0;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(isEmpty ? '' : JSON.stringify(payload));
    });
    sent.push(envelope);
    send(envelope);
  }

  function send(envelope: Envelope): void {
    const socket = open().at(-1);
    socket?.send(JSON.stringify(envelope), () => {
      if (!isCutAtNext) return;
      [isCutAtNext, isAway] = [false, true];
      socket.terminate();
    });
  }

  const open = () => [...sockets.clients].filter(({ readyState }) => readyState === WebSocket.OPEN);

  return {
    slack,
    apiUrl: `http://${host}/api/`,
    sent,
    acknowledged,
    connections: () => connections,
    send,
    refresh: (reason = 'refresh_requested') => {
      const debug_info = { host: 'wss-111.slack.com' };
      for (const socket of open()) socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info }));
    },
    cut: () => {
      for (const socket of open()) socket.terminate();
    },
    cutAtHello: () => {
      isCutAtHello = true;
    },
    cutAtNext: () => {
      isCutAtNext = true;
    },
    open: () => {
      isAway = false;
    },
    refuse: (error) => {
      refusal = error;
    },
  };
}

function envelopeOf(contentType: string, body: string): Envelope {
  const envelope_id = randomUUID();
  if (contentType.startsWith('application/json'))
    return { envelope_id, type: 'events_api', accepts_response_payload: false, payload: JSON.parse(body) };
  const { payload, ...form } = Object.fromEntries(new URLSearchParams(body));
  if (payload === undefined)
    return { envelope_id, type: 'slash_commands', accepts_response_payload: true, payload: form };
  return { envelope_id, type: 'interactive', accepts_response_payload: true, payload: JSON.parse(payload) };
}

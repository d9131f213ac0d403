// The Socket Mode connection to Slack, through Slack's own client. Slack ends each connection after a few hours, and
// this file opens a new one. `startWorkspace` calls `connect`.
import { setTimeout as wait } from 'node:timers/promises';
import { type Logger, LogLevel, SocketModeClient } from '@slack/socket-mode';
import type { LogEvent } from '../world.ts';
import type { Envelope } from './envelopes.ts';
import { howToSetAppToken, WrongSlack } from '../../cli/workspace/tokens.ts';

export interface ConnectionOptions {
  readonly apiUrl: string;
  readonly appToken: string;
  readonly deal: (envelope: Envelope) => Promise<void>;
  readonly log: (event: LogEvent) => void;
}

export interface Connection {
  close(): Promise<void>;
}

type Client = SocketModeClient;
/** The client's event for the end of a connection: https://docs.slack.dev/tools/node-slack-sdk/socket-mode */
const ENDED = 'disconnected';

/** The wait before the next attempt doubles with each failure, from the first to the maximum. */
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 30_000;

/** Resolves when Slack has sent `hello`. Throws {@link WrongSlack} if the first connection fails. */
export async function connect({ apiUrl, appToken, deal, log }: ConnectionOptions): Promise<Connection> {
  const client = new SocketModeClient({
    appToken,
    // The client's own reconnect waits five seconds each time, and exits the process if Slack refuses.
    autoReconnectEnabled: false,
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: MAX_WAIT_MS },
    logger: silent,
  });
  const closing = new AbortController();
  client.on('slack_event', (envelope: Envelope) => void deal(envelope));
  const ended = await start(client).catch((error: unknown) => {
    throw new WrongSlack(
      `Slack opened no Socket Mode connection (${reasonOf(error)}). Turn Socket Mode on in the settings of the app. If it is on, the token is wrong. ${howToSetAppToken}`,
    );
  });
  log({ source: 'slack', event: 'socket_connected' });
  const staying = keepConnected(client, ended, closing.signal, log);
  return {
    async close() {
      closing.abort();
      await client.disconnect();
      await staying;
      // `keepConnected` may have opened another connection during the first `disconnect`.
      await client.disconnect();
    },
  };
}

/** Resolves with a promise of the connection's end. Rejects if Slack sends no `hello` in time. */
async function start(client: Client): Promise<{ readonly end: Promise<void> }> {
  const timeout = setTimeout(() => void client.disconnect(), MAX_WAIT_MS);
  try {
    await client.start();
  } finally {
    clearTimeout(timeout);
  }
  return { end: new Promise((resolve) => client.once(ENDED, () => resolve())) };
}

async function keepConnected(
  client: Client,
  { end: first }: { readonly end: Promise<void> },
  signal: AbortSignal,
  log: ConnectionOptions['log'],
): Promise<void> {
  let end: Promise<void> | undefined = first;
  let since = Date.now();
  for (let failures = 0; !signal.aborted;) {
    await end;
    if (signal.aborted) return;
    if (end) {
      log({ source: 'slack', event: 'socket_ended' });
      // A new connection that ends within MAX_WAIT_MS counts as a failed attempt.
      if (Date.now() - since > MAX_WAIT_MS) failures = 0;
      else if (failures > 0) await rest();
    }
    try {
      ({ end } = await start(client));
      since = Date.now();
      log({ source: 'slack', event: 'socket_connected' });
      failures += 1;
    } catch (error) {
      end = undefined;
      log({ source: 'slack', event: 'socket_refused', reason: reasonOf(error) });
      failures += 1;
      await rest();
    }

    function rest(): Promise<void> {
      const pause = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), MAX_WAIT_MS);
      return wait(pause, undefined, { signal }).catch(() => {});
    }
  }
}

/** Returns Slack's error code, or the message of the network error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection was closed before Slack said hello';
  const { message, cause } = error;
  if ('data' in error && typeof error.data === 'object' && error.data !== null && 'error' in error.data)
    return String(error.data.error);
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

/** Drops the client's log entries, because this file logs the events itself. */
const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

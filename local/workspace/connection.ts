// The connection to Slack in Socket Mode, through Slack's own client, made anew whenever it ends: Slack itself ends it
// every few hours. `startWorkspace` opens one.
import { setTimeout as wait } from 'node:timers/promises';
import { type Logger, LogLevel, SocketModeClient } from '@slack/socket-mode';
import type { LogEvent } from '../world.ts';
import type { Envelope } from './envelopes.ts';
import { whereAppToken, WrongSlack } from '../../cli/workspace/tokens.ts';

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
/** What the client calls its end: https://docs.slack.dev/tools/node-slack-sdk/socket-mode */
const ENDED = 'disconnected';

/** Milliseconds before the next try, longer each time. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/** Resolves when Slack has said hello. Throws {@link WrongSlack} if it does not. */
export async function connect({ apiUrl, appToken, deal, log }: ConnectionOptions): Promise<Connection> {
  const client = new SocketModeClient({
    appToken,
    // Its own way waits five seconds each time, and ends the process where Slack says no.
    autoReconnectEnabled: false,
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: LONGEST_WAIT },
    logger: silent,
  });
  const closing = new AbortController();
  client.on('slack_event', (envelope: Envelope) => void deal(envelope));
  const ended = await start(client).catch((error: unknown) => {
    throw new WrongSlack(
      `Slack opened no Socket Mode connection (${reasonOf(error)}). Turn Socket Mode on in the settings of the app; the token of SLACK_APP_TOKEN: ${whereAppToken}`,
    );
  });
  log({ source: 'slack', event: 'socket_connected' });
  const staying = stay(client, ended, closing.signal, log);
  return {
    async close() {
      closing.abort();
      await client.disconnect();
      await staying;
      // It may have been on its way.
      await client.disconnect();
    },
  };
}

/** Answers a promise of the connection's end. Where Slack lets somebody in and says no hello, that is given up. */
async function start(client: Client): Promise<{ readonly end: Promise<void> }> {
  const timeout = setTimeout(() => void client.disconnect(), LONGEST_WAIT);
  try {
    await client.start();
  } finally {
    clearTimeout(timeout);
  }
  return { end: new Promise((resolve) => client.once(ENDED, () => resolve())) };
}

async function stay(
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
      // One that ends at once is no better than none.
      if (Date.now() - since > LONGEST_WAIT) failures = 0;
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
      const pause = Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT);
      return wait(pause, undefined, { signal }).catch(() => {});
    }
  }
}

/** Slack's word for it, or the network's. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection was closed before Slack said hello';
  const { message, cause } = error;
  if ('data' in error && typeof error.data === 'object' && error.data !== null && 'error' in error.data)
    return String(error.data.error);
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

/** What matters of it is logged here, in the words of this house. */
const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

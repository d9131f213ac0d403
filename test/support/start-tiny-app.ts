// A minimal app behind the local Slack: it stores each request and answers as configured. Called by the tests of the
// local Slack through `startWithApp`.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogLevel, WebClient } from '@slack/web-api';
import type { Logger } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { createClock } from '../../local/clock.ts';
import type { Clock } from '../../local/clock.ts';
import type { Persistence } from '../../local/persistence.ts';
import { startSlack } from '../../local/slack/slack.ts';
import type { Slack, SlackOptions, WorkflowSource } from '../../local/slack/slack.ts';

export const botToken = 'xoxb-local';
export const signingSecret = 'a signing secret';
export const trading = { id: 'C0TRADING', name: 'trading' };
export const risk = { id: 'C0RISKDESK', name: 'risk' };

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TinyApp {
  readonly received: Received[];
  answer: (response: ServerResponse) => unknown;
  url: string;
}

export interface Started {
  readonly slack: Slack;
  readonly app: TinyApp;
  readonly client: WebClient;
  readonly clock: Clock;
  readonly events: { readonly event: string; readonly [field: string]: unknown }[];
}

const manifestWith = ({ scopes = ['chat:write', 'commands'], events = [], home = false }: StartOptions) => `
display_information: { name: Countersign }
features:
  app_home: { home_tab_enabled: ${home} }
  bot_user: { display_name: Countersign }
  slash_commands:
    - { command: /trade, description: Trade, usage_hint: AMZN 10, should_escape: false }
    - { command: /travel, description: Book a trip, should_escape: false }
oauth_config:
  scopes: { bot: [${scopes.join(', ')}] }
settings:
  event_subscriptions: { request_url: https://countersign.invalid/, bot_events: [${events.join(', ')}] }
`;

// The client logs each refusal, and refusals are what many of these tests are about.
export const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export interface StartOptions {
  readonly scopes?: readonly string[];
  readonly events?: readonly string[];
  /** Whether the app has a Home tab. */
  readonly home?: boolean;
  /** A sentence about the app, which the page shows at its top. */
  readonly about?: string;
  readonly startsByCommand?: boolean;
  readonly workflow?: WorkflowSource;
  /** By default only `trading`. */
  readonly channels?: SlackOptions['channels'];
  readonly persistence?: Persistence;
}

export async function startWithApp(options: StartOptions = {}): Promise<Started> {
  const { about, startsByCommand, workflow, channels = [trading], persistence } = options;
  const app = await startTinyApp();
  const path = join(await mkdtemp(join(tmpdir(), 'manifest-')), 'manifest.yml');
  await writeFile(path, manifestWith(options));
  const clock = createClock();
  const events: Started['events'] = [];
  const slack = await startSlack({
    port: 0,
    clock,
    manifest: path,
    botToken,
    signingSecret,
    channels,
    requestUrl: () => app.url,
    ...(about && { about }),
    ...(startsByCommand !== undefined && { startsByCommand }),
    ...(workflow && { workflow }),
    ...(persistence && { persistence }),
    log: (event) => events.push(event),
  });
  onTestFinished(() => slack.close());
  const client = new WebClient(botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    logger: silent,
  });
  return { slack, app, client, clock, events };
}

async function startTinyApp(): Promise<TinyApp> {
  const app: TinyApp = { received: [], answer: (response) => response.end(), url: '' };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      app.received.push({ headers: request.headers, body });
      app.answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  app.url = `http://127.0.0.1:${address.port}/slack/events`;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return app;
}

/** The last request the app got, as a form. */
export function lastForm({ received }: TinyApp): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(received.at(-1)?.body));
}

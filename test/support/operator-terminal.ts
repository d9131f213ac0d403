// Runs the commands of an operator as processes in a folder of their own, with the local Slack and the methods for apps
// that only Slack has. Called by the tests of the commands.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';

export const APP_TOKEN = 'xapp-1-test';
export const CONFIG_TOKEN = 'xoxe.xoxp-test';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface OperatorTerminal {
  /** Base address of Slack's Web API. */
  readonly slackApiUrl: string;
  /** The manifests that were given to Slack. */
  readonly manifests: readonly string[];
  run(command: string, args: readonly string[], input?: string, env?: NodeJS.ProcessEnv): Promise<Ran>;
  readonly envFile: string;
  /** Scopes that the app was not granted. */
  readonly withheld: Set<string>;
  /** The text of `.env`. */
  env(): string;
  writeEnv(content: string): void;
  close(): void;
}

/** @param apiUrl of the local Slack */
export async function openOperatorDesk(apiUrl: string): Promise<OperatorTerminal> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-operator-'));
  const envFile = join(folder, '.env');
  const manifests: string[] = [];
  const withheld = new Set<string>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const known = own(request, body, manifests);
      const answer = known ? { body: known, scopes: [] } : await forwarded(request, body, apiUrl);
      const granted = answer.scopes.filter((scope) => !withheld.has(scope));
      response.setHeader('x-oauth-scopes', granted.join(','));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer.body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const slackApiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  return {
    slackApiUrl,
    manifests,
    run: async (command, args, input = '', env = {}) => {
      const program = fileURLToPath(new URL(`../../cli/${command}.ts`, import.meta.url));
      const child = spawn(process.execPath, [program, ...args], {
        cwd: folder,
        env: { ...process.env, SLACK_API_URL: slackApiUrl, ...env },
      });
      child.stdin.end(input);
      const [out, err, code] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        new Promise<number | null>((resolve) => child.on('close', resolve)),
      ]);
      return { code, out, err };
    },
    envFile,
    withheld,
    env: () => (existsSync(envFile) ? readFileSync(envFile, 'utf8') : ''),
    writeEnv: (content) => writeFileSync(envFile, content),
    close: () => server.close(),
  };
}

function own({ url = '', headers }: IncomingMessage, body: string, manifests: string[]): object | undefined {
  const form = new URLSearchParams(body);
  const token = form.get('token') ?? /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  const allowed = (prompt: string, answer: object) =>
    token === prompt ? { ok: true, ...answer } : { ok: false, error: 'invalid_auth' };
  switch (url.split('/').at(-1) ?? '') {
    case 'apps.connections.open':
      return allowed(APP_TOKEN, { url: 'wss://127.0.0.1:1/' });
    case 'bots.info':
      return { ok: true, bot: { id: form.get('bot'), app_id: 'A0LOCAL' } };
    case 'apps.manifest.update':
      if (token === CONFIG_TOKEN) manifests.push(form.get('manifest') ?? '');
      return allowed(CONFIG_TOKEN, { app_id: form.get('app_id') });
    default:
      return undefined;
  }
}

async function forwarded(
  { url = '', headers }: IncomingMessage,
  body: string,
  apiUrl: string,
): Promise<{ readonly body: unknown; readonly scopes: readonly string[] }> {
  const answer = await fetch(new URL(url.split('/').at(-1) ?? '', apiUrl), {
    method: 'POST',
    body,
    headers: {
      'content-type': headers['content-type'] ?? 'application/x-www-form-urlencoded',
      authorization: headers.authorization ?? '',
    },
  });
  const scopes = (answer.headers.get('x-oauth-scopes') ?? '').split(',');
  return { body: await answer.json(), scopes };
}

// `npm start` as a process, and what people do on its page, by the requests of the page. Called by the tests of
// restarts and of failing starts.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Message } from '../../local/slack/slack.ts';

export interface Ports {
  readonly page: number;
  readonly aws: number;
}

export interface Started {
  readonly child: ChildProcess;
  /** All that it has written. */
  said(): string;
  /** Resolves when it wrote this, or fails when it ends before. */
  hasSaid(text: string): Promise<void>;
  /** As `kill -9` does it. */
  kill(): Promise<void>;
  ended: Promise<number | null>;
}

/** Two that nobody has, and what is made for them gone when the test ends. */
export async function freePorts(): Promise<Ports> {
  const [page, aws] = [await freePort(), await freePort()];
  onTestFinished(() => {
    for (const made of ['kept', 'start']) rmSync(`.local/${made}/${aws}`, { recursive: true, force: true });
  });
  return { page, aws };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address ? address.port : 0;
}

/** Without the tokens that this machine may have for its own Slack. */
export function npmStart(
  { page, aws }: Ports,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Started {
  const env = { ...process.env, SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '', SLACK_API_URL: '', ...environment };
  const child = spawn(process.execPath, ['local/start.ts', ...args], {
    env: { ...env, PORT: String(page), AWS_PORT: String(aws) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (more: Buffer) => {
      text += more.toString();
      for (const listener of heard) listener();
    });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return {
    child,
    ended,
    said: () => text,
    hasSaid: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => text.includes(wanted) && resolve();
        heard.add(look);
        look();
        void ended.then(() => reject(new Error(`It ended without saying "${wanted}":\n${text}`)));
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What a person sees and does on the page at this port. */
export function pageOf({ page }: Ports) {
  const url = `http://127.0.0.1:${page}`;
  const post = async (what: string, body: object): Promise<{ readonly status?: number }> => {
    const response = await fetch(`${url}/page/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: { status?: number } = JSON.parse(await response.text());
    return answer;
  };
  return {
    say: (person: string, text: string) => post('say', { person, text }),
    press: (person: string, where: string, actionId: string) => post('press', { person, where, actionId }),
    async messages(person: string): Promise<readonly Message[]> {
      const response = await fetch(`${url}/page/state?person=${person}`);
      const { messages }: { messages: readonly Message[] } = JSON.parse(await response.text());
      return messages.filter(({ onlyFor }) => onlyFor === undefined);
    },
  };
}

/** Starts it and waits until its page is ready. */
export async function npmStartReady(ports: Ports, ...args: readonly string[]): Promise<Started> {
  const started = npmStart(ports, args);
  await started.hasSaid('Ctrl-C ends it');
  return started;
}

/** The requests that its channel shows. */
export async function requestsOn(ports: Ports): Promise<readonly Message[]> {
  const messages = await pageOf(ports).messages('U0BEN');
  return messages.filter(({ threadTs }) => threadTs === undefined);
}

/** The replies that report a filled order. */
export async function fillsOn(ports: Ports): Promise<readonly Message[]> {
  const messages = await pageOf(ports).messages('U0BEN');
  return messages.filter(({ threadTs, text }) => threadTs !== undefined && text.includes('*Filled.*'));
}

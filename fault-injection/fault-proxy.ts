// The wire between the functions and everything outside them: sees each call go by, and breaks those it is told to.
// The world of a run is reached through it; nothing in the functions knows.
import { Agent, createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reach } from '../local/world.ts';
import { awsCall, type Call, slackCall } from './call.ts';
import { broken, malformed, type Reply, throttled, type FaultType } from './fault-types.ts';

/** Milliseconds without a call after which everything else that was under way is done. */
const QUIET_MS = 400;

/** What the wire can do to who calls. */
export interface Callers {
  kill(functionName: string): void;
  /** Lets the time pass that the function may take, and ends it. */
  timeOut(functionName: string): void;
}

export interface FaultProxy {
  /** The addresses through which the function of this name reaches the services that stand at these. */
  readonly reach: (functionName: string, direct: Reach) => Reach;
  /** Each call is shown to it once, and fails in the way it answers; the SDK's further tries of it are the same call. */
  watch(broken: (call: Call) => FaultType | undefined): void;
  /** Calls that were tried again by the SDK. */
  readonly retries: () => number;
  close(): Promise<void>;
}

interface Passing {
  readonly call: Call;
  readonly target: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly isRetry: boolean;
}

export async function openFaultProxy(callers: Callers): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const seen = new Map<string, FaultType | undefined>();
  const direct = new Map<string, Reach>();
  let watcher: (call: Call) => FaultType | undefined = () => undefined;
  let retries = 0;
  let lastCallAt = 0;

  function faultTypeOf(call: Call): { readonly faultType: FaultType | undefined; readonly isRetry: boolean } {
    const { invocation } = call;
    if (invocation && seen.has(invocation)) {
      retries += 1;
      return { faultType: seen.get(invocation), isRetry: true };
    }
    const faultType = watcher(call);
    if (invocation) seen.set(invocation, faultType);
    return { faultType, isRetry: false };
  }

  const forward = ({ call, target, request }: Passing) => forwarded(target, request, call.body, agent);

  const ending: Readonly<Record<FaultType, (passing: Passing) => Promise<void>>> = {
    refused: async ({ response }) => cut(response),
    // A second try finds what the first one did.
    'reply lost': async (passing) => {
      if (passing.isRetry) return answer(passing.response, await forward(passing));
      await forward(passing);
      cut(passing.response);
    },
    'timed out': async ({ call }) => callers.timeOut(call.caller),
    throttled: async ({ call, response }) => answer(response, throttled(call)),
    '500': async ({ call, response }) => answer(response, broken(call)),
    'malformed reply': async (passing) => {
      if (!passing.isRetry) await forward(passing);
      answer(passing.response, malformed);
    },
    'killed before': async ({ call }) => callers.kill(call.caller),
    'killed after': async (passing) => {
      await forward(passing);
      callers.kill(passing.call.caller);
    },
    // Whatever else goes on meanwhile is faster.
    late: async (passing) => {
      while (Date.now() - lastCallAt < QUIET_MS) await pause(QUIET_MS / 4);
      answer(passing.response, await forward(passing));
    },
  };

  const server = createServer((request, response) => {
    void pass(request, response).catch(() => cut(response));
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, side = '', caller = '', ...path] = (request.url ?? '').split('/');
    const rest = path.join('/');
    lastCallAt = Date.now();
    const body = await bodyOf(request);
    const reach = direct.get(caller);
    if (!reach) return cut(response);
    const call = side === 'slack' ? slackCall(caller, rest, body) : awsCall(caller, request.headers, body);
    const target = new URL(rest, side === 'slack' ? reach.slack : `${reach.aws}/`);
    const { faultType, isRetry } = faultTypeOf(call);
    const passing = { call, target, request, response, isRetry };
    if (faultType) await ending[faultType](passing);
    else answer(response, await forward(passing));
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    reach: (functionName, reach) => {
      direct.set(functionName, reach);
      const base = `http://127.0.0.1:${port}`;
      return { aws: `${base}/aws/${functionName}`, slack: `${base}/slack/${functionName}/` };
    },
    watch: (chosen) => {
      watcher = chosen;
      seen.clear();
      retries = 0;
    },
    retries: () => retries,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forwarded(
  target: URL,
  { method, headers }: IncomingMessage,
  body: string,
  agent: Agent,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { host: _host, 'content-length': _length, connection: _connection, ...kept } = headers;
    const sent = send(
      target,
      { method, agent, headers: { ...kept, 'content-length': Buffer.byteLength(body) } },
      (incoming) => {
        bodyOf(incoming).then(
          (text) =>
            resolve({ status: incoming.statusCode ?? 500, headers: plain(incoming.headers), body: text }),
          reject,
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function plain(headers: IncomingMessage['headers']): Readonly<Record<string, string>> {
  const dropped = ['connection', 'content-length', 'transfer-encoding', 'keep-alive'];
  const kept = Object.entries(headers).filter(([name]) => !dropped.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

function answer(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers }).end(body);
}

function cut(response: ServerResponse): void {
  response.socket?.destroy();
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

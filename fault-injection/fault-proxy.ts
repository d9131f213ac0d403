// An HTTP proxy from the functions to Slack and AWS, which reports each call and injects faults. The harness starts it,
// and sets the functions' endpoints to the proxy, so their code needs no change.
import { Agent, createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reach } from '../local/world.ts';
import { awsCall, type Call, slackCall } from './call.ts';
import { serverError, malformed, type Reply, throttled, type FaultType } from './fault-types.ts';

/**
 * After so many looks in a row that find no new call and no other invocation, the proxy assumes that no other work is in
 * progress. Looks and not a time, because a busy machine may do nothing for long.
 */
const IDLE_LOOKS = 5;
const LOOK_MS = 100;

/** The functions that call: faults that the proxy causes in one itself, and how many run. */
export interface Callers {
  /** Number of invocations that run now. */
  readonly running: () => number;
  kill(functionName: string): void;
  /** Advances the clock beyond the function's timeout and ends the function. */
  timeOut(functionName: string): void;
}

export interface FaultProxy {
  /** Returns the proxy's addresses for this function, given the direct addresses of the services. */
  readonly reach: (functionName: string, direct: Reach) => Reach;
  /** Sets the function that chooses each call's fault, or undefined for none. The SDK's retries get the same fault. */
  intercept(faultOf: (call: Call) => FaultType | undefined): void;
  /** Number of retries by the SDK since the last `intercept`. */
  readonly retries: () => number;
  close(): Promise<void>;
}

interface ProxiedCall {
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
  let chooseFault: (call: Call) => FaultType | undefined = () => undefined;
  let retries = 0;
  let calls = 0;
  let held = 0;

  function faultTypeOf(call: Call): { readonly faultType: FaultType | undefined; readonly isRetry: boolean } {
    const { invocation } = call;
    if (invocation && seen.has(invocation)) {
      retries += 1;
      return { faultType: seen.get(invocation), isRetry: true };
    }
    const faultType = chooseFault(call);
    if (invocation) seen.set(invocation, faultType);
    return { faultType, isRetry: false };
  }

  const forward = ({ call, target, request }: ProxiedCall) => forwardTo(target, request, call.body, agent);

  const faults: Readonly<Record<FaultType, (proxied: ProxiedCall) => Promise<void>>> = {
    refused: async ({ response }) => cut(response),
    // Only the first attempt loses its reply. The SDK's retry is answered.
    'reply lost': async (proxied) => {
      if (proxied.isRetry) return answer(proxied.response, await forward(proxied));
      await forward(proxied);
      cut(proxied.response);
    },
    'timed out': async ({ call }) => callers.timeOut(call.caller),
    throttled: async ({ call, response }) => answer(response, throttled(call)),
    '500': async ({ call, response }) => answer(response, serverError(call)),
    'malformed reply': async (proxied) => {
      if (!proxied.isRetry) await forward(proxied);
      answer(proxied.response, malformed);
    },
    'killed before': async ({ call }) => callers.kill(call.caller),
    'killed after': async (proxied) => {
      await forward(proxied);
      callers.kill(proxied.call.caller);
    },
    // Forwards the call after all concurrent work is done.
    late: async (proxied) => {
      held += 1;
      for (let idle = 0; idle < IDLE_LOOKS;) {
        const before = calls;
        await pause(LOOK_MS);
        idle = calls > before || callers.running() > held ? 0 : idle + 1;
      }
      held -= 1;
      answer(proxied.response, await forward(proxied));
    },
  };

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => cut(response));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, service = '', caller = '', ...path] = (request.url ?? '').split('/');
    const rest = path.join('/');
    calls += 1;
    const body = await bodyOf(request);
    const reach = direct.get(caller);
    if (!reach) return cut(response);
    const call = service === 'slack' ? slackCall(caller, rest, body) : awsCall(caller, request, body);
    const target = new URL(rest, service === 'slack' ? reach.slack : `${reach.aws}/`);
    const { faultType, isRetry } = faultTypeOf(call);
    const proxied = { call, target, request, response, isRetry };
    if (faultType) await faults[faultType](proxied);
    else answer(response, await forward(proxied));
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
    intercept: (faultOf) => {
      chooseFault = faultOf;
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

function forwardTo(
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
            resolve({
              status: incoming.statusCode ?? 500,
              headers: endToEndHeaders(incoming.headers),
              body: text,
            }),
          reject,
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function endToEndHeaders(headers: IncomingMessage['headers']): Readonly<Record<string, string>> {
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

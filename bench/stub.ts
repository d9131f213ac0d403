// A local stub of Slack, DynamoDB, Step Functions and Secrets Manager. `run.ts` starts it. Each service has its own
// port, because real services share no connections. It rejects unsigned requests, can add latency, and records each
// call with its time.
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Certificate } from './certificate.ts';
import { type ServiceLatency, startLatencyProxy } from './latency-proxy.ts';
import { approvedItem, secret } from './press.ts';
import { signatureProblem } from './signature.ts';

const services = ['slack', 'dynamodb', 'states', 'secretsmanager'] as const;
export type Service = (typeof services)[number];

export interface Call {
  readonly service: Service;
  /** `chat.update`, `UpdateItem` … */
  readonly method: string;
  /** When the call arrived, in milliseconds since 1970. */
  readonly at: number;
  /** Why the call was rejected. Undefined if it was accepted. */
  readonly problem: string | undefined;
}

export type Latency = Readonly<Partial<Record<Service, ServiceLatency>>>;

export interface Stub {
  readonly ports: Readonly<Record<Service, number>>;
  /** Returns the calls since the last time, and clears them. */
  takeCalls(): readonly Call[];
  close(): void;
}

export async function startStub(certificate: Certificate, latency: Latency = {}): Promise<Stub> {
  let calls: Call[] = [];
  const servers: { close(): unknown }[] = [];
  const ports = { slack: 0, dynamodb: 0, states: 0, secretsmanager: 0 };
  for (const service of services) {
    const serviceLatency = latency[service];
    const server = createServer(certificate, (request, response) => {
      const at = performance.timeOrigin + performance.now();
      void bodyOf(request).then(async (body) => {
        const call = { service, method: methodOf(request), at, problem: problemWith(service, request, body) };
        calls.push(call);
        if (serviceLatency) await wait(serviceLatency.service);
        const type = service === 'slack' ? 'application/json' : 'application/x-amz-json-1.0';
        response.writeHead(call.problem ? 403 : 200, { 'content-type': type });
        response.end(JSON.stringify(call.problem ? {} : answerOf(call.method)));
      });
    });
    const port = await listen(server);
    servers.push(server);
    const proxy = serviceLatency && (await startLatencyProxy(port, serviceLatency.roundTrip));
    if (proxy) servers.push(proxy);
    ports[service] = proxy?.port ?? port;
  }
  return {
    ports,
    takeCalls() {
      const taken = calls;
      calls = [];
      return taken;
    },
    close: () => servers.forEach((server) => server.close()),
  };
}

function methodOf({ url = '', headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  return (typeof target === 'string' ? target.split('.') : url.split('/')).at(-1) ?? '';
}

function problemWith(service: Service, request: IncomingMessage, body: string): string | undefined {
  const { method = '', url: path = '', headers: given } = request;
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
  if (service !== 'slack') return signatureProblem({ method, path, headers, body });
  return headers['authorization'] === `Bearer ${secret.botToken}` ? undefined : 'sent without the bot token';
}

function answerOf(method: string): object {
  switch (method) {
    case 'GetSecretValue':
      return {
        ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:bench',
        SecretString: JSON.stringify(secret),
      };
    case 'UpdateItem':
      return { Attributes: approvedItem() };
    case 'GetItem':
      return { Item: approvedItem() };
    case 'auth.test':
      return { ok: true, team_id: 'T0BENCH', user_id: 'U0BOT', bot_id: 'B0BOT' };
    case 'users.info': {
      const profile = { real_name: 'Ben', email: 'ben@bench.example' };
      return { ok: true, user: { id: 'U0BEN', team_id: 'T0BENCH', profile } };
    }
    case 'chat.update':
      return { ok: true, channel: 'C0TRADING', ts: '1793613601.000100' };
    default:
      return { ok: true };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

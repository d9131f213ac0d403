// What a press calls, on this machine: Slack, DynamoDB, Step Functions and Secrets Manager, each on a port of its own, as
// none shares a connection with another there. It answers only what is rightly signed, may be as far away as they are, and
// remembers each call and when it came. The rounds start one.
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Certificate } from './certificate.ts';
import { type Distance, farAway } from './far-away.ts';
import { approvedItem, secret } from './press.ts';
import { wrongWithSignature } from './signature.ts';

const services = ['slack', 'dynamodb', 'states', 'secretsmanager'] as const;
export type Service = (typeof services)[number];

export interface Call {
  readonly service: Service;
  /** `chat.update`, `UpdateItem` … */
  readonly method: string;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  /** Undefined: nothing. */
  readonly wrong: string | undefined;
}

export type Latency = Readonly<Partial<Record<Service, Distance>>>;

export interface Stub {
  readonly ports: Readonly<Record<Service, number>>;
  /** What came since it was asked last. */
  takeCalls(): readonly Call[];
  close(): void;
}

export async function startStub(certificate: Certificate, latency: Latency = {}): Promise<Stub> {
  let calls: Call[] = [];
  const servers: { close(): unknown }[] = [];
  const ports = { slack: 0, dynamodb: 0, states: 0, secretsmanager: 0 };
  for (const service of services) {
    const distance = latency[service];
    const server = createServer(certificate, (request, response) => {
      const at = performance.timeOrigin + performance.now();
      void bodyOf(request).then(async (body) => {
        const call = { service, method: methodOf(request), at, wrong: wrongWith(service, request, body) };
        calls.push(call);
        if (distance) await wait(distance.service);
        const type = service === 'slack' ? 'application/json' : 'application/x-amz-json-1.0';
        response.writeHead(call.wrong ? 403 : 200, { 'content-type': type });
        response.end(JSON.stringify(call.wrong ? {} : answerOf(call.method)));
      });
    });
    const port = await listen(server);
    servers.push(server);
    const far = distance && (await farAway(port, distance.roundTrip));
    if (far) servers.push(far);
    ports[service] = far?.port ?? port;
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

function wrongWith(service: Service, request: IncomingMessage, body: string): string | undefined {
  const { method = '', url: path = '', headers: given } = request;
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
  if (service !== 'slack') return wrongWithSignature({ method, path, headers, body });
  return headers['authorization'] === `Bearer ${secret.botToken}` ? undefined : 'without the bot token';
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

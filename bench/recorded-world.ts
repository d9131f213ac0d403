// Starts the local cloud and the local Slack with a proxy that records each AWS call: the function that made it, the
// items read and the capacity units that DynamoDB would bill. `growth.ts` and `cost.ts` call it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { progress } from '../local/progress.ts';
import { synthesise } from '../local/synthesise.ts';
import { type LogEvent, startWorld, type World } from '../local/world.ts';

export interface RecordedCall {
  /** Logical id of the function, without its construct and the hash, or `OPERATOR`. */
  readonly by: string;
  /** `UpdateItem`, `SendTaskSuccess`, `Publish` … */
  readonly operation: string;
  readonly itemsRead: number;
  /** Capacity units of DynamoDB: write units for a write, read units for a read. */
  readonly units: number;
}

export interface RecordedWorld extends World {
  /** Returns the calls since the last time, and clears them. */
  readonly takeCalls: () => readonly RecordedCall[];
  /** Returns the log events since the last time, and clears them. */
  readonly takeEvents: () => readonly LogEvent[];
}

/** The caller of a call that no function made. */
export const OPERATOR = 'operator';

const ASSEMBLY = join(import.meta.dirname, '../.bench/recorded');
let synthesised: Promise<void> | undefined;

export async function startRecordedWorld(): Promise<RecordedWorld> {
  if (!synthesised) progress('Synthesising the stack …');
  await (synthesised ??= synthesise(ASSEMBLY));
  let calls: RecordedCall[] = [];
  let events: LogEvent[] = [];
  let target = '';
  const recorder = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void forward(Buffer.concat(chunks).toString()));
    const forward = async (given: string) => {
      const targetHeader = String(request.headers['x-amz-target'] ?? '');
      const url = new URL(request.url ?? '/', target);
      const operation = operationOf(targetHeader, url, given);
      const isDynamoDb = targetHeader.startsWith('DynamoDB_');
      const sent = isDynamoDb ? withCapacity(given) : given;
      const { 'content-length': _length, connection: _connection, host: _host, ...headers } = request.headers;
      const answer = await fetch(url, {
        method: request.method ?? 'POST',
        body: sent,
        headers: asText(headers),
        // Otherwise fetch adds Cache-Control to a request with If-None-Match, which a put to S3 has.
        cache: 'force-cache',
      });
      const text = await answer.text();
      const by = functionOf(request.headers.authorization ?? '');
      calls.push({ by, operation, ...(isDynamoDb ? capacityIn(text) : { itemsRead: 0, units: 0 }) });
      response
        .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
        .end(text);
    };
  });
  await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;
  const world = await startWorld({
    assembly: ASSEMBLY,
    port: 0,
    awsPort: 0,
    log: (event) => void events.push(event),
    reach: (_, { slack }) => ({ aws: endpoint, slack }),
  });
  target = world.cloud.url;
  return {
    ...world,
    takeCalls: () => calls.splice(0),
    takeEvents: () => events.splice(0),
    stop: async () => {
      await world.stop();
      recorder.close();
      recorder.closeAllConnections();
    },
  };
}

/** SNS uses the form parameter `Action` instead of the header, and S3 the parameter `x-id` of the URL. */
function operationOf(target: string, { searchParams }: URL, body: string): string {
  const form = new URLSearchParams(body);
  return target.split('.')[1] ?? searchParams.get('x-id') ?? form.get('Action') ?? '';
}

/** The local cloud gives each function its own access key: `FUNCTION`, its logical id, and 16 random bytes. */
function functionOf(authorization: string): string {
  const [, key = ''] = /Credential=FUNCTION(\w+)\//.exec(authorization) ?? [];
  if (key === '') return OPERATOR;
  const [, name] = /^(?:SlackApprovals|TradingWorkflow)(\w+)[0-9A-F]{8}[0-9a-f]{32}$/.exec(key) ?? [];
  if (name === undefined) throw new Error(`The access key FUNCTION${key} has another form than expected.`);
  return name;
}

function withCapacity(body: string): string {
  return JSON.stringify({ ...JSON.parse(body), ReturnConsumedCapacity: 'TOTAL' });
}

function capacityIn(answer: string): Pick<RecordedCall, 'itemsRead' | 'units'> {
  const { ConsumedCapacity, ScannedCount, Item } = JSON.parse(answer);
  return { itemsRead: ScannedCount ?? (Item ? 1 : 0), units: ConsumedCapacity?.CapacityUnits ?? 0 };
}

function asText(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

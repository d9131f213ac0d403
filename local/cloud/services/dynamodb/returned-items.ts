// Implements `ReturnValuesOnConditionCheckFailure`, which dynalite ignores: adds the item to the error of a failed
// condition. The gateway answers every allowed DynamoDB request through this file.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValuesOnConditionCheckFailure
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { isObject, type JsonObject, tryParse } from '../../core/json.ts';

interface Answered {
  readonly status: number;
  readonly headers: ReturnType<ServerResponse['getHeaders']>;
  readonly body: string;
}

/**
 * Passes a request on to dynalite and sends its answer. The item is read only after the condition failed, so it may be
 * newer than the item that was checked.
 */
export async function answerFromTables(
  tables: Server,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const input = tryParse(body.toString());
  const wantsItem = isObject(input) && input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  if (!wantsItem) return void tables.emit('request', replayed(request, body), response);
  const answer = await ask(tables, request, body);
  const refused = answer.body.includes('ConditionalCheckFailed');
  const item = refused ? await readItem(tables, request, input) : undefined;
  const whole = item ? JSON.stringify({ ...parsed(answer.body), Item: item }) : answer.body;
  const { 'x-amz-crc32': _checksum, 'content-length': _length, ...headers } = answer.headers;
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) response.setHeader(name, value);
  response.writeHead(answer.status).end(whole);
}

async function readItem(
  tables: Server,
  { headers, method, url }: IncomingMessage,
  { TableName, Key }: JsonObject,
): Promise<JsonObject | undefined> {
  if (!isObject(Key))
    throw new Error('The local cloud returns the refused item of UpdateItem and DeleteItem only.');
  const asked = Buffer.from(JSON.stringify({ TableName, Key, ConsistentRead: true }));
  const target = { ...headers, 'x-amz-target': 'DynamoDB_20120810.GetItem' };
  const { Item } = parsed((await ask(tables, { headers: target, method, url }, asked)).body);
  return isObject(Item) ? Item : undefined;
}

type Asked = Pick<IncomingMessage, 'headers' | 'method' | 'url'>;

function ask(tables: Server, request: Asked, body: Buffer): Promise<Answered> {
  return new Promise((resolve) => {
    const asked = replayed(request, body);
    const response = new ServerResponse(asked as Readable & IncomingMessage);
    response.end = (chunk?: unknown) => {
      const { statusCode: status } = response;
      resolve({ status, headers: response.getHeaders(), body: textOf(chunk) });
      return response;
    };
    tables.emit('request', asked, response);
  });
}

/** Returns a copy of the request with an unread body, because a body can be read only once. */
function replayed({ headers, method, url }: Asked, body: Buffer): Readable {
  return Object.assign(Readable.from([body]), { headers, method, url });
}

function textOf(chunk: unknown): string {
  if (Buffer.isBuffer(chunk)) return chunk.toString();
  return typeof chunk === 'string' ? chunk : '';
}

function parsed(text: string): JsonObject {
  const value = tryParse(text);
  return isObject(value) ? value : {};
}

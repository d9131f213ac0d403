// Implements `ReturnValuesOnConditionCheckFailure`, which dynalite ignores: adds the item to the error of a failed
// condition. The gateway answers every allowed DynamoDB request through this file.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValuesOnConditionCheckFailure
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { isObject, type JsonObject, objectsAt, textAt, tryParse } from '../../core/json.ts';

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
  { TableName, Key, Item }: JsonObject,
): Promise<JsonObject | undefined> {
  const call = async (operation: string, input: object) => {
    const target = { ...headers, 'x-amz-target': `DynamoDB_20120810.${operation}` };
    return parsed(
      (await ask(tables, { headers: target, method, url }, Buffer.from(JSON.stringify(input)))).body,
    );
  };
  const keyOfPut = async (item: JsonObject) => {
    const { Table } = await call('DescribeTable', { TableName });
    const names = objectsAt(isObject(Table) ? Table : {}, 'KeySchema').map((key) =>
      textAt(key, 'AttributeName'),
    );
    return Object.fromEntries(names.map((name) => [name, item[name]]));
  };
  // UpdateItem and DeleteItem have a key. The key of PutItem is part of its item.
  const key = isObject(Item) ? await keyOfPut(Item) : Key;
  const found = await call('GetItem', { TableName, Key: key, ConsistentRead: true });
  return isObject(found['Item']) ? found['Item'] : undefined;
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

// DynamoDB, implemented by dynalite in this process, in memory or on disk. `startCloud` and updates of the stack create
// the template's tables here. The gateway passes DynamoDB requests to dynalite.
import type { Server } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import dynalite from 'dynalite';
import {
  isList,
  isObject,
  objectAt,
  objectsAt,
  parse,
  textAt,
  type Json,
  type JsonObject,
} from '../../core/json.ts';
import { internalKey } from '../../core/internal-key.ts';

/** Returns a server that listens on no port: the gateway passes requests to it. Without `path`, tables are in memory. */
export function createTables(path?: string): Server {
  return dynalite({ createTableMs: 0, deleteTableMs: 0, ...(path !== undefined && { path }) });
}

/** Creates missing tables. Returns an error text if a saved table is not active, or its key or indexes differ. */
export async function createMissing(
  endpoint: string,
  tables: readonly JsonObject[],
): Promise<string | undefined> {
  const { TableNames } = await request(endpoint, 'ListTables', {});
  for (const table of tables) {
    const name = textAt(table, 'TableName');
    if (!isList(TableNames) || !TableNames.includes(name)) await createTable(endpoint, table);
    const kept = objectAt(await request(endpoint, 'DescribeTable', { TableName: name }), 'Table');
    if (kept['TableStatus'] !== 'ACTIVE' || !isDeepStrictEqual(schemaOf(kept), schemaOf(table)))
      return `has a table ${name} that differs from the stack's`;
  }
  return undefined;
}

function schemaOf(table: JsonObject) {
  const indexes = objectsAt(table, 'GlobalSecondaryIndexes', []);
  return [table['KeySchema'], new Set(indexes.map(({ IndexName, KeySchema }) => [IndexName, KeySchema]))];
}

export async function createTable(endpoint: string, table: JsonObject): Promise<void> {
  await request(endpoint, 'CreateTable', table);
  const TableName = textAt(table, 'TableName');
  for (let status = ''; status !== 'ACTIVE';) {
    const described = await request(endpoint, 'DescribeTable', { TableName });
    status = textAt(objectAt(described, 'Table'), 'TableStatus');
  }
}

/** Creates the table again with its items, because dynalite cannot add an index to an existing table. */
export async function remakeTable(endpoint: string, table: JsonObject): Promise<void> {
  const TableName = textAt(table, 'TableName');
  const items = await itemsOf(endpoint, TableName);
  await request(endpoint, 'DeleteTable', { TableName });
  for (let names: Json = [TableName]; isList(names) && names.includes(TableName);)
    names = (await request(endpoint, 'ListTables', {}))['TableNames'] ?? [];
  await createTable(endpoint, table);
  for (const Item of items) await request(endpoint, 'PutItem', { TableName, Item });
}

async function itemsOf(endpoint: string, TableName: string): Promise<readonly JsonObject[]> {
  const items: JsonObject[] = [];
  let from: JsonObject = {};
  do {
    const page = await request(endpoint, 'Scan', { TableName, ...from });
    items.push(...objectsAt(page, 'Items'));
    from = 'LastEvaluatedKey' in page ? { ExclusiveStartKey: objectAt(page, 'LastEvaluatedKey') } : {};
  } while ('ExclusiveStartKey' in from);
  return items;
}

async function request(endpoint: string, operation: string, input: JsonObject): Promise<JsonObject> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${internalKey}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok || !isObject(answer))
    throw new Error(`DynamoDB's ${operation} answered ${response.status}: ${text}`);
  return answer;
}

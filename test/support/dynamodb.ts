// A DynamoDB for tests of code that writes to it: real requests of the SDK over HTTP to dynalite, with the tables of
// the stack.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyOf } from '../../local/cloud/gateway/http-server.ts';
import { answerFromTables } from '../../local/cloud/services/dynamodb/returned-items.ts';
import { createTables } from '../../local/cloud/services/dynamodb/tables.ts';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Approvals, approvalsTable } from '../../aws/approvals-table.ts';
import { type AuditTable, auditTable } from '../../aws/audit-table.ts';
import { type Completions, completionsTable } from '../../aws/completions-table.ts';
import { type ProgressReports, progressReports } from '../../aws/progress.ts';
import { type ResolvedApproversTable, resolvedApproversTable } from '../../aws/resolved-approvers-table.ts';
import { type PreferencesTable, preferencesTable } from '../../aws/preferences-table.ts';
import { type StartsTable, startsTable } from '../../aws/starts-table.ts';
import { type UnpostedNotices, unpostedNotices } from '../../aws/unposted-notices.ts';

export interface TestDynamoDB {
  readonly client: DynamoDBClient;
  close(): void;
}

/** The tables of approvals, and what reads and writes them. */
export interface TestTables extends TestDynamoDB {
  readonly approvals: Approvals;
  readonly progress: ProgressReports;
  readonly audit: AuditTable;
  readonly completions: Completions;
  readonly resolvedApprovers: ResolvedApproversTable;
  readonly people: PreferencesTable;
  readonly starts: StartsTable;
  readonly unpostedNotices: UnpostedNotices;
}

export async function startDynamoDB(table: string, ...keys: readonly string[]): Promise<TestDynamoDB> {
  const started = await start();
  await createTable(started.client, table, keys);
  return started;
}

export async function startTables(): Promise<TestTables> {
  const started = await start();
  const { client } = started;
  await createTable(client, 'Approvals', ['execution', 'id'], {
    open: ['open', 'deadline'],
    nextCheck: ['open', 'nextCheckAt'],
    decided: ['decidedIn', 'decidedAt'],
  });
  await createTable(client, 'Audit', ['month', 'id']);
  return {
    ...started,
    approvals: approvalsTable(client, 'Approvals'),
    progress: progressReports(client, 'Approvals'),
    audit: auditTable(client, 'Audit'),
    completions: completionsTable(client, 'Approvals'),
    resolvedApprovers: resolvedApproversTable(client, 'Approvals'),
    people: preferencesTable(client, 'Approvals'),
    starts: startsTable(client, 'Approvals'),
    unpostedNotices: unpostedNotices(client, 'Approvals'),
  };
}

async function start(): Promise<TestDynamoDB> {
  const tables = createTables();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => answerFromTables(tables, request, body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}` });
  const close = () => {
    client.destroy();
    server.close();
  };
  return { client, close };
}

/** @param indexes each with its name and its keys */
async function createTable(
  client: DynamoDBClient,
  TableName: string,
  keys: readonly string[],
  indexes: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> {
  const GlobalSecondaryIndexes = Object.entries(indexes).map(([IndexName, own]) => ({
    IndexName,
    KeySchema: schema(own),
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  }));
  const attributes = new Set([...keys, ...Object.values(indexes).flat()]);
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: schema(keys),
      BillingMode: 'PAY_PER_REQUEST',
      ...(GlobalSecondaryIndexes.length > 0 ? { GlobalSecondaryIndexes } : {}),
    }),
  );
}

function schema(keys: readonly string[]): NonNullable<CreateTableCommandInput['KeySchema']> {
  return keys.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' }));
}

// Tests that every read of a table is consistent: the local DynamoDB has no other reads, so no other test notices one
// that may be outdated.
import type { GetItemCommandInput, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditCursor } from '../../aws/audit-cursor.ts';
import { backlogTable } from '../../aws/backlog-table.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

let tables: TestTables;
const reads: boolean[] = [];

beforeAll(async () => {
  tables = await startTables();
  tables.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { ConsistentRead } = args.input as GetItemCommandInput & QueryCommandInput;
        if (commandName === 'GetItemCommand' || commandName === 'QueryCommand')
          reads.push(ConsistentRead === true);
        return next(args);
      },
    { step: 'initialize' },
  );
});

afterAll(() => tables.close());

const now = new Date('2026-11-02T10:00:00.000Z');
const { executionArn, askedAt } = approval();

it.each<[string, () => Promise<unknown>]>([
  ['an approval', () => tables.approvals.get(approval())],
  ['the approvals of an execution', () => tables.approvals.ofExecution(executionArn)],
  ['the entries of a month', () => Array.fromAsync(tables.audit.ofMonth('2026-11'))],
  ['the cursor of the audit', () => auditCursor(tables.client, 'Approvals').get()],
  ['a backlog', () => backlogTable(tables.client, 'Approvals').get('C0TRADING')],
  ['the completions of an execution', () => tables.completions.endedSince(executionArn, askedAt)],
  ['the settings of a person', () => tables.people.preferences('U0BEN', now)],
  ['who is out of office', () => tables.people.outOfOffice(now)],
  ['resolved approvers', () => tables.resolvedApprovers.get(['S0RISK'])],
  [
    'for whom the bot started an execution',
    () => tables.starts.get(executionArn, { startedAt: askedAt, input: {} }),
  ],
])('reads %s consistently', async (_, read) => {
  reads.length = 0;
  await read();
  expect(reads).toEqual([true]);
});

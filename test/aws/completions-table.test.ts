// Tests the keys and the lifetime of completions, against a real DynamoDB engine.
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTables, type TestTables } from '../support/dynamodb.ts';

const AT = '2026-11-02T10:00:00.500Z';
const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:trading:run';
let tables: TestTables;

beforeAll(async () => {
  tables = await startTables();
  await tables.completions.record({ executionArn, outcome: 'failed', at: AT }, new Date(AT));
});

afterAll(() => tables.close());

describe('completions table', () => {
  it('keeps a completion for 60 days', async () => {
    const id = tables.completions.idOf({ executionArn, outcome: 'failed', at: AT });
    expect(id).toMatch(/^completion-failed-/);
    const Key = marshall({ execution: 'run', id });
    const { Item = {} } = await tables.client.send(new GetItemCommand({ TableName: 'Approvals', Key }));
    const expiresAt = Math.floor(Date.parse(AT) / 1_000) + 60 * 24 * 60 * 60;
    expect(unmarshall(Item)).toMatchObject({ executionArn, at: AT, expiresAt });
  });

  it('counts an end at the very time, and none of an execution with the same name', async () => {
    expect(await tables.completions.endedSince(executionArn, AT)).toBe(true);
    const other = executionArn.replace('trading', 'other');
    expect(await tables.completions.endedSince(other, AT)).toBe(false);
  });
});

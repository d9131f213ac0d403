// Tests that the audit keeps the first version of an entry and lists entries by month, oldest first.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTable, positionOf } from '../../aws/audit-table.ts';
import { stepEntry } from '../../domain/audit.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

let tables: TestTables;

beforeAll(async () => {
  tables = await startTables();
});

afterAll(() => tables.close());

const entry = (at: string) =>
  stepEntry(approval({ history: [{ action: 'approved', by: 'U0BEN', at }], id: `approval-${at}` }), 0);

describe('audit table', () => {
  it('keeps the first version of an entry', async () => {
    const first = entry('2026-11-02T10:05:00.000Z');
    expect(await tables.audit.record(first)).toEqual(first);
    expect(await tables.audit.record({ ...first, by: 'U0EVE' })).toMatchObject({
      by: 'U0BEN',
      name: first.name,
    });
    expect(await Array.fromAsync(tables.audit.ofMonth('2026-11'))).toMatchObject([{ by: 'U0BEN' }]);
  });

  it('lists the entries between two positions, across months', async () => {
    const times = ['2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];
    for (const at of times) await tables.audit.record(entry(at));
    const between = async (after: string, before: string) =>
      (await Array.fromAsync(tables.audit.between(after, before))).map(({ entry: { at } }) => at);
    expect(await between('2025-12', '2026-01-01T12:00:00.000Z')).toEqual(times.slice(0, 2));
    expect(await between(positionOf(entry(times[1] ?? '')), '2026-02')).toEqual(times.slice(1));
    expect(await between('2026-01-02T00:00:00.001Z', '2026-02')).toEqual([]);
  });

  it('lists the entries of one month, oldest first', async () => {
    for (const at of ['2026-09-30T23:59:59.999Z', '2026-08-31T00:00:00.000Z', '2026-09-01T00:00:00.000Z'])
      await tables.audit.record(entry(at));
    const september = await Array.fromAsync(tables.audit.ofMonth('2026-09'));
    expect(september.map(({ at }) => at)).toEqual(['2026-09-01T00:00:00.000Z', '2026-09-30T23:59:59.999Z']);
  });

  it('lists the items of a month with their keys', async () => {
    const made = entry('2026-07-01T00:00:00.000Z');
    await tables.audit.record(made);
    expect(await Array.fromAsync(tables.audit.itemsOfMonth('2026-07'))).toMatchObject([
      { month: '2026-07', position: positionOf(made), entry: { name: made.name } },
    ]);
  });

  it('does not treat a failed write as stored', async () => {
    const missing = auditTable(tables.client, 'Missing');
    await expect(missing.record(entry('2026-06-01T00:00:00.000Z'))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

// Tests that the audit keeps the first version of an entry and lists entries by month, oldest first.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    await tables.audit.record(first);
    await tables.audit.record({ ...first, by: 'U0EVE' });
    expect(await Array.fromAsync(tables.audit.ofMonth('2026-11'))).toMatchObject([{ by: 'U0BEN' }]);
  });

  it('lists the entries of one month, oldest first', async () => {
    for (const at of ['2026-09-30T23:59:59.999Z', '2026-08-31T00:00:00.000Z', '2026-09-01T00:00:00.000Z'])
      await tables.audit.record(entry(at));
    const september = await Array.fromAsync(tables.audit.ofMonth('2026-09'));
    expect(september.map(({ at }) => at)).toEqual(['2026-09-01T00:00:00.000Z', '2026-09-30T23:59:59.999Z']);
  });
});

import { describe, expect, it } from 'vitest';
import { readAuditRange } from '../../cli/audit-range.ts';

const now = new Date('2026-11-02T10:05:00.000Z');

describe('audit range', () => {
  it('reads the days and the format', () => {
    const range = { from: '2026-10-30', to: '2026-11-02', format: 'csv' };
    expect(readAuditRange(range, now)).toEqual(range);
  });

  it('reads an execution, which is searched in the last year unless days are given', () => {
    const one = { execution: 'AMZN-3f9c', format: 'csv' };
    expect(readAuditRange(one, now)).toEqual({ ...one, from: '2025-11-01', to: '2026-11-02' });
    expect(readAuditRange({ ...one, to: '2024-03-01' }, now)).toMatchObject({ from: '2023-03-01' });
    const days = { ...one, from: '2026-10-30', to: '2026-10-31' };
    expect(readAuditRange(days, now)).toEqual(days);
  });

  it.each<[object, RegExp]>([
    [{ to: '2026-11-02', format: 'csv' }, /--from is missing/],
    [{ from: '2026-11-02', format: 'csv' }, /--to is missing/],
    [
      { from: 'november', to: '2026-11-02', format: 'csv' },
      /--from must be a date such as 2026-11-01, not november/,
    ],
    [{ from: '2026-02-31', to: '2026-11-02', format: 'csv' }, /--from must be a date/],
    [{ from: '2026-11-03', to: '2026-11-02', format: 'csv' }, /--to 2026-11-02 is before --from 2026-11-03/],
    [{ execution: '', format: 'csv' }, /--execution must be the name or ARN of an execution/],
    [{ from: '2026-11-01', to: '2026-11-02', format: 'xlsx' }, /--format must be csv or jsonl, not xlsx/],
  ])('rejects %o with an explanation', (given, message) => {
    expect(() => readAuditRange(given, now)).toThrow(message);
  });
});

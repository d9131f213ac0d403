// The audit as a file: what a spreadsheet gets, and what a program gets.
import { expect, it } from 'vitest';
import { auditFile } from '../../../slack/views/audit-file.ts';
import { refusalEntry, stepEntry } from '../../../domain/audit.ts';
import { approval } from '../../support/approvals.ts';

const declined = approval({
  status: 'declined',
  ts: '1793613601.000100',
  decision: { outcome: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z', reason: '=HYPERLINK("x")' },
  history: [{ action: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z', reason: '=HYPERLINK("x")' }],
});
const entries = [
  stepEntry(declined, 0),
  refusalEntry(declined, {
    action: 'approve',
    by: 'U0CHLOE',
    at: '2026-11-02T10:06:00.000Z',
    refusal: 'decided',
  }),
];

it('is a table whose formulas do nothing', () => {
  expect(auditFile(entries, 'csv')).toMatchSnapshot();
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
  'runs nothing that begins like a formula: %j',
  (reason) => {
    const [, row = ''] = auditFile([{ ...stepEntry(declined, 0), reason }], 'csv').split(/\n(?=2026)/);
    expect(row).toMatch(/,"?'/);
  },
);

it('is an object a line, as it is kept', () => {
  const lines = auditFile(entries, 'jsonl').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    entries.map((entry) => JSON.parse(JSON.stringify(entry))),
  );
});

it('names its columns where there is nothing in it', () => {
  expect(auditFile([], 'csv')).toMatch(/^\uFEFFat,by,action,.*,approval\n$/);
});

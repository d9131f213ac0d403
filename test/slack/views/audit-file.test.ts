// Tests the audit as a file: CSV for spreadsheets and JSON lines for programs.
import { describe, expect, it } from 'vitest';
import { auditFile } from '../../../slack/views/audit-file.ts';
import {
  entriesOf,
  refusalEntry,
  refusedDelegationEntry,
  settingsEntry,
  stepEntry,
  withIdentity,
} from '../../../domain/audit.ts';
import { approval } from '../../support/approvals.ts';

const declined = approval({
  status: 'declined',
  ts: '1793613601.000100',
  decision: { outcome: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z', reason: '=HYPERLINK("x")' },
  history: [{ action: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z', reason: '=HYPERLINK("x")' }],
});
const entries = [
  withIdentity(stepEntry(declined, 0), { name: '=Ben', email: 'ben@local.example' }),
  refusalEntry(declined, {
    action: 'approve',
    by: 'U0CHLOE',
    at: '2026-11-02T10:06:00.000Z',
    refusal: 'decided',
  }),
  ...entriesOf({
    ...declined,
    history: [],
    result: { outcome: 'done', label: 'Filled', text: 'Bought 10 AMZN.', at: '2026-11-02T10:07:00.000Z' },
  }),
  settingsEntry('U0BEN', '2026-11-02T10:08:00.000Z', {
    directMessages: true,
    outUntil: '2026-11-30',
    delegate: 'U0DANA',
  }),
  refusedDelegationEntry('U0DANA', '2026-11-02T10:09:00.000Z', 'U0BEN'),
];

describe('audit file', () => {
  it('is a CSV table without formulas', () => {
    expect(auditFile(entries, 'csv')).toMatchSnapshot();
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('does not let a spreadsheet run %j', (reason) => {
    const [, row = ''] = auditFile([{ ...stepEntry(declined, 0), reason }], 'csv').split(/\n(?=2026)/);
    expect(row).toMatch(/,"?'/);
  });

  it('has one JSON object per entry', () => {
    const lines = auditFile(entries, 'jsonl').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      entries.map((entry) => JSON.parse(JSON.stringify(entry))),
    );
  });

  it('has column names even if it is empty', () => {
    expect(auditFile([], 'csv')).toMatch(/^\uFEFFat,by,by_name,by_email,action,.*,approval\n$/);
  });
});

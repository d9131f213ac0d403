// Reads the range of days and the format of an audit export from the command line. `audit-export.ts` calls it.
import type { AuditFormat } from '../slack/views/audit-file.ts';
import { UsageError } from './usage-error.ts';

export interface AuditRange {
  /** First day in UTC, such as `2026-11-01`. */
  readonly from: string;
  /** Last day in UTC, inclusive. */
  readonly to: string;
  readonly format: AuditFormat;
}

export function readAuditRange(given: { from?: string; to?: string; format?: string }): AuditRange {
  const from = day('from', given.from);
  const to = day('to', given.to);
  if (to < from) throw new UsageError(`--to ${to} is before --from ${from}.`);
  if (given.format !== 'csv' && given.format !== 'jsonl')
    throw new UsageError(`--format must be csv or jsonl, not ${given.format}.`);
  return { from, to, format: given.format };
}

function day(name: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`--${name} is missing.`);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
  // `Date.parse` reads 31 February as a day in March.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(value)) return value;
  throw new UsageError(`--${name} must be a date such as 2026-11-01, not ${value}.`);
}

/** Returns every month from the first day to the last day, such as `2026-10` and `2026-11`. */
export function monthsFrom(from: string, to: string): readonly string[] {
  const months: string[] = [];
  const at = new Date(`${from.slice(0, 7)}-01`);
  while (at.toISOString().slice(0, 7) <= to.slice(0, 7)) {
    months.push(at.toISOString().slice(0, 7));
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
  return months;
}

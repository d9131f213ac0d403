// Reads from the command line which entries of the audit to export, and in which format. `audit-export.ts` calls it.
import type { AuditFormat } from '../slack/views/audit-file.ts';
import { UsageError } from './usage-error.ts';

export interface AuditRange {
  /** First day in UTC, such as `2026-11-01`. */
  readonly from: string;
  /** Last day in UTC, inclusive. */
  readonly to: string;
  readonly format: AuditFormat;
  /** Name or ARN of the only execution to export. Undefined for all. */
  readonly execution?: string | undefined;
}

export interface AuditOptions {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly format?: string | undefined;
  readonly execution?: string | undefined;
}

/** A standard execution runs for at most a year: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LONGEST_EXECUTION_MS = 366 * 24 * 60 * 60_000;

/** Without `--from`, the entries of one execution are searched in the longest time that an execution may run. */
export function readAuditRange(given: AuditOptions, now: Date): AuditRange {
  const { execution } = given;
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
  const isOne = execution !== undefined;
  const first = given.from === undefined && isOne ? undefined : day('from', given.from);
  const to = day('to', given.to ?? (isOne ? dayOf(now.getTime()) : undefined));
  const from = first ?? dayOf(Date.parse(to) - LONGEST_EXECUTION_MS);
  if (execution === '') throw new UsageError('--execution must be the name or ARN of an execution.');
  if (to < from) throw new UsageError(`--to ${to} is before --from ${from}.`);
  if (given.format !== 'csv' && given.format !== 'jsonl')
    throw new UsageError(`--format must be csv or jsonl, not ${given.format}.`);
  return { from, to, format: given.format, ...(isOne ? { execution } : {}) };
}

function day(name: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`--${name} is missing.`);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
  // `Date.parse` reads 31 February as a day in March.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(value)) return value;
  throw new UsageError(`--${name} must be a date such as 2026-11-01, not ${value}.`);
}

// Compares the audit table with its copies, and describes each difference. `audit-verify.ts` calls it. Everything in the
// table is untrusted here: somebody may have stored anything.
import { isDeepStrictEqual } from 'node:util';
import { keyOf, type StoredCopy, toJson } from '../aws/audit-copies.ts';
import type { StoredEntry } from '../aws/audit-table.ts';
import type { AuditEntry } from '../domain/audit.ts';

export interface Comparison {
  /** Number of entries that equal their copies. */
  readonly equal: number;
  /** Number of entries that are too new to be copied. */
  readonly waiting: number;
  /** A line for each difference. */
  readonly findings: readonly string[];
}

/** An entry without a copy is reported after this time. Copying normally takes one to two minutes. */
const MAX_COPY_DELAY_MS = 15 * 60_000;

/** A copy is reported as late after this time. */
const MAX_LATENESS_MS = 24 * 60 * 60_000;

/** Entries of these actions are copied when the execution ends, so they may be much older than their copies. */
const COPIED_AT_THE_END = ['requested', 'reminded', 'escalated', 'approval_lapsed'];

export function compareAudit(
  items: readonly StoredEntry[],
  copies: readonly StoredCopy[],
  now: Date,
): Comparison {
  const stored = new Map(items.map((item) => [copyKey(item), item.entry]));
  const copied = new Set(copies.map(({ key }) => key));
  const uncopied = items.filter((item) => !copied.has(copyKey(item)));
  const isNew = (item: StoredEntry) =>
    Math.abs(now.getTime() - Date.parse(item.position.slice(0, 24))) < MAX_COPY_DELAY_MS;
  const missing = uncopied.filter((item) => !isNew(item));
  const equal = copies.filter(({ key, entry }) => isEqual(stored.get(key), entry));
  const findings = [
    ...copies.flatMap((copy) => findingsOf(copy, stored.get(copy.key))),
    ...missing.map(
      (item) =>
        `no copy: ${describe(item.entry)}. The table has this entry, but the bucket has no copy of it.`,
    ),
  ];
  return {
    equal: equal.length,
    waiting: uncopied.length - missing.length,
    findings: findings.map(printable),
  };
}

/** The key of the copy of whatever is stored under this key of the table. */
function copyKey({ month, position }: StoredEntry): string {
  return `${month}/${position}.json`;
}

function findingsOf(copy: StoredCopy, stored: AuditEntry | undefined): readonly string[] {
  const { key, entry, copiedAt, hasLaterVersion } = copy;
  const name = describe(entry);
  const findings: string[] = [];
  if (key !== keyOf(entry)) findings.push(`wrong key: ${name}. Its copy has the key ${key}.`);
  if (hasLaterVersion)
    findings.push(`overwritten: ${name}. A later version or a delete marker hides the copy.`);
  const lateness = copiedAt.getTime() - Date.parse(entry.at);
  if (lateness > MAX_LATENESS_MS && !COPIED_AT_THE_END.includes(entry.action))
    findings.push(
      `copied late: ${name}. It was copied on ${copiedAt.toISOString()}: after an outage, or because somebody inserted it.`,
    );
  if (!stored) findings.push(`removed: ${name}. The bucket has a copy, but the table has no such entry.`);
  else if (!isEqual(stored, entry))
    findings.push(`changed: ${name}. ${differences(stored, entry).join('; ')}.`);
  return findings;
}

function differences(stored: AuditEntry, copy: AuditEntry): readonly string[] {
  const [now, before] = [plain(stored), plain(copy)];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const shown = (value: unknown) => (value === undefined ? 'nothing' : toJson(value));
  return fields
    .filter((field) => !isDeepStrictEqual(now[field], before[field]))
    .map((field) => `${field} is ${shown(now[field])} in the table, and ${shown(before[field])} in the copy`);
}

function isEqual(stored: AuditEntry | undefined, copy: AuditEntry): boolean {
  return stored !== undefined && isDeepStrictEqual(plain(stored), plain(copy));
}

function plain(entry: AuditEntry): Readonly<Record<string, unknown>> {
  return JSON.parse(toJson(entry));
}

function describe(entry: AuditEntry): string {
  const { at, action, by, executionArn } = plain(entry);
  const text = (value: unknown) => (typeof value === 'string' ? value : toJson(value));
  const person = by === undefined ? '' : ` by ${text(by)}`;
  const execution = executionArn === undefined ? '' : ` in ${text(executionArn).split(':').at(-1)}`;
  return `${text(at)} ${text(action)}${person}${execution}`;
}

/** Text of the table cannot imitate lines or control the terminal. */
function printable(finding: string): string {
  return finding.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}

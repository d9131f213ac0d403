// Adds entries to the audit, and copies entries to the bucket. relay-result and the reconciler call it.
import { isDeepStrictEqual } from 'node:util';
import { type AuditCopies, toJson } from '../aws/audit-copies.ts';
import type { AuditTable } from '../aws/audit-table.ts';
import { errorFields, type Log } from '../aws/log.ts';
import { type ApprovalEntry, type AuditEntry, withIdentity } from '../domain/audit.ts';
import type { Identity } from '../domain/identity.ts';

export interface CopyDependencies {
  readonly copies: AuditCopies;
  readonly log: Log;
}

export interface RecordDependencies {
  readonly audit: Pick<AuditTable, 'record'>;
  /** Undefined if Slack does not return the person in time. @param user Slack user id */
  readonly identityOf: (user: string) => Promise<Identity | undefined>;
}

export interface RecordedEntry {
  /** The entry, made from the record of the approval or from the stored settings. */
  readonly derived: AuditEntry;
  /** The entry as the audit table contains it. */
  readonly stored: AuditEntry;
}

/** Adds the entries to the audit table that are not in it. */
export async function recordEntries(
  entries: readonly ApprovalEntry[],
  { audit, identityOf }: RecordDependencies,
): Promise<readonly RecordedEntry[]> {
  return Promise.all(
    entries.map(async (entry) => {
      const identity = entry.by === undefined ? undefined : await identityOf(entry.by);
      const derived = withIdentity(entry, identity);
      return { derived, stored: await audit.record(derived) };
    }),
  );
}

/** If the stored entry differs, somebody changed it. Then the copy contains what the approval says. */
export async function copyEntry(
  { derived, stored }: RecordedEntry,
  { copies, log }: CopyDependencies,
): Promise<void> {
  const isGenuine = agrees(stored, derived);
  if (!isGenuine) logDifference(derived, log);
  await copies.put(isGenuine ? stored : derived);
}

/** Copies entries, and returns those that could not be copied. */
export async function tryToCopy(
  entries: readonly RecordedEntry[],
  dependencies: CopyDependencies,
): Promise<readonly RecordedEntry[]> {
  const results = await Promise.allSettled(entries.map((each) => copyEntry(each, dependencies)));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) dependencies.log('audit_not_copied', errorFields(failed.reason));
  return entries.filter((_, index) => results[index]?.status === 'rejected');
}

/** An alarm counts these events. */
export function logDifference(entry: AuditEntry, log: Log): void {
  const { at, action } = entry;
  log('audit_entry_differs', { at, action, ...('approval' in entry ? { approval: entry.approval } : {}) });
}

/**
 * Whether a stored entry equals what its approval says. `byName` and `byEmail` are not compared, because the approval
 * does not contain them. `delegateFor` is not compared, because the approval may no longer contain it.
 */
function agrees(stored: AuditEntry, derived: AuditEntry): boolean {
  return isDeepStrictEqual(comparable(stored), comparable(derived));
}

/** As stored: without undefined fields. */
function comparable({
  byName: _name,
  byEmail: _email,
  delegateFor: _delegateFor,
  ...entry
}: AuditEntry): unknown {
  return JSON.parse(toJson(entry));
}

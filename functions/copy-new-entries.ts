// Copies the entries that the bot added to the audit since the last run. The bot writes no copies itself. The reconciler
// calls `copyNewEntries` every minute. When an execution ends, relay-result copies all of its entries; the first copy
// stays.
import type { AuditCursor } from '../aws/audit-cursor.ts';
import { type AuditTable, positionOf, type StoredEntry } from '../aws/audit-table.ts';
import type { Approvals } from '../aws/approvals-table.ts';
import { executionName } from '../aws/executions.ts';
import {
  type AuditEntry,
  entriesOf,
  refusalEntry,
  refusedDelegationEntry,
  settingsEntry,
} from '../domain/audit.ts';
import { copyEntry, type CopyDependencies, logDifference } from './copy-entry.ts';

export interface CopyNewEntriesDependencies extends CopyDependencies {
  readonly approvals: Pick<Approvals, 'get'>;
  readonly audit: Pick<AuditTable, 'between'>;
  readonly auditCursor: AuditCursor;
  readonly now: () => Date;
}

/** Longer than an invocation of the bot, which adds an entry at most this long after the time in the entry. */
const MAX_RECORD_DELAY_MS = 60_000;

/** If a run fails, the next run starts after the last complete batch. */
const BATCH_SIZE = 25;

/** The bot adds no other actions. */
const BOT_ACTIONS: readonly AuditEntry['action'][] = [
  'approved',
  'undid_approval',
  'declined',
  'cancelled',
  'amended',
  'was_refused',
  'resubmitted',
  'changed_settings',
  'refused_delegation',
];

export async function copyNewEntries(dependencies: CopyNewEntriesDependencies): Promise<void> {
  const { audit, auditCursor, now, log } = dependencies;
  const last = new Date(now().getTime() - MAX_RECORD_DELAY_MS).toISOString();
  const cursor = await auditCursor.get();
  // A clock may be behind that of the last run. Somebody may have changed the cursor, so that entries are not copied.
  const isAhead = cursor !== undefined && cursor > last;
  if (isAhead) log('audit_cursor_ahead', { cursor });
  // Without a cursor, the month is copied from its beginning.
  const first = cursor === undefined ? last.slice(0, 7) : isAhead ? dayBefore(last) : cursor;
  const batch: StoredEntry[] = [];
  for await (const stored of audit.between(first, last)) {
    batch.push(stored);
    if (batch.length < BATCH_SIZE) continue;
    await copyAll(batch.splice(0), dependencies);
    await auditCursor.set(stored.position);
  }
  await copyAll(batch, dependencies);
  await auditCursor.set(last);
}

function dayBefore(time: string): string {
  return new Date(Date.parse(time) - 24 * 60 * 60_000).toISOString();
}

async function copyAll(
  entries: readonly StoredEntry[],
  dependencies: CopyNewEntriesDependencies,
): Promise<void> {
  const byBot = entries.filter(({ entry }) => BOT_ACTIONS.includes(entry.action));
  await Promise.all(byBot.map((each) => copyOne(each, dependencies)));
}

/** An entry that nothing confirms is not copied, so `npm run audit:verify` reports it. */
async function copyOne(
  { month, position, entry: stored }: StoredEntry,
  dependencies: CopyNewEntriesDependencies,
): Promise<void> {
  const hasOwnKey = position === positionOf(stored) && position.startsWith(month);
  const derived = hasOwnKey ? await derive(stored, dependencies) : undefined;
  if (derived) return copyEntry({ derived, stored }, dependencies);
  logDifference(stored, dependencies.log);
}

/**
 * Makes the entry again from its approval, to compare it with the stored one. Values that no approval contains, such as
 * settings, come from the stored entry. Undefined if no approval confirms the entry.
 */
async function derive(
  stored: AuditEntry,
  { approvals }: Pick<CopyNewEntriesDependencies, 'approvals'>,
): Promise<AuditEntry | undefined> {
  const { at, by, action } = stored;
  if (action === 'changed_settings' && by !== undefined && stored.settings)
    return settingsEntry(by, at, stored.settings);
  if (action === 'refused_delegation' && by !== undefined && stored.delegateFor !== undefined)
    return refusedDelegationEntry(by, at, stored.delegateFor);
  if (!('approval' in stored)) return undefined;
  const { executionArn, approval: id, refused } = stored;
  const approval = await approvals.get({ execution: executionName(executionArn), id });
  if (approval && by !== undefined && action === 'was_refused' && refused)
    return refusalEntry(approval, { action: refused.action, by, at, refusal: refused.why });
  return approval && entriesOf(approval).find((each) => positionOf(each) === positionOf(stored));
}

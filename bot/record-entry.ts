// Adds an entry to the audit, with the name and the e-mail address of the person who acted. It may call Slack and
// take two seconds, so listeners call it after they answered. Only `settings-modal.ts` calls it before.
import type { WebClient } from '@slack/web-api';
import type { AuditTable } from '../aws/audit-table.ts';
import { type AuditEntry, withIdentity } from '../domain/audit.ts';
import type { IdentityOf } from '../slack/identities.ts';

export interface RecordDependencies {
  readonly audit: AuditTable;
  readonly identityOf: IdentityOf;
}

export async function recordEntry(
  entry: AuditEntry,
  slack: WebClient,
  { audit, identityOf }: RecordDependencies,
): Promise<void> {
  const identity = entry.by === undefined ? undefined : await identityOf(entry.by, slack);
  await audit.record(withIdentity(entry, identity));
}

// The copies of the audit in memory, written as the bucket's policy demands: the first copy of an entry stays.
import { type AuditCopies, keyOf } from '../../aws/audit-copies.ts';
import type { AuditEntry } from '../../domain/audit.ts';

export function memoryCopies(): AuditCopies & { readonly entries: Map<string, AuditEntry> } {
  const entries = new Map<string, AuditEntry>();
  return {
    entries,
    async put(entry) {
      if (!entries.has(keyOf(entry))) entries.set(keyOf(entry), entry);
    },
  };
}

// Checks that the audit's entries about an approval have equal copies in the bucket. `invariants.ts` calls it.
import { isDeepStrictEqual } from 'node:util';
import type { unmarshall } from '@aws-sdk/util-dynamodb';
import { copiesOfMonth, keyOf, type StoredCopy } from '../aws/audit-copies.ts';
import type { Approval } from '../domain/approval.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Harness } from './harness.ts';
import { type Violation, when } from './violation.ts';

export type AuditItem = ReturnType<typeof unmarshall>;

export async function copiesOf(
  { s3, cloud }: Harness,
  audited: readonly AuditItem[],
): Promise<ReadonlyMap<string, StoredCopy>> {
  const months = new Set(audited.map(({ month }) => String(month)));
  const copies = new Map<string, StoredCopy>();
  for (const month of months)
    for await (const copy of copiesOfMonth(s3, cloud.outputs['AuditBucket'] ?? '', month))
      copies.set(copy.key, copy);
  return copies;
}

/** Once an approval has a result, each entry about it has a copy, except those that the reconciler copies later. */
export function checkCopies(
  { id, execution, result }: Approval,
  audited: readonly AuditItem[],
  copies: ReadonlyMap<string, StoredCopy>,
): readonly Violation[] {
  const entries = audited
    .filter((item) => item['approval'] === id)
    .map(({ month: _month, id: _id, ...entry }) => entry as AuditEntry);
  return entries.flatMap((entry) => {
    const copy = copies.get(keyOf(entry));
    const isLater = entry.action === 'was_refused' || entry.action === 'resubmitted';
    return [
      ...when(
        !copy && !isLater && result !== undefined,
        'lost',
        `${execution}: the entry ${entry.action} has no copy`,
      ),
      ...when(
        copy !== undefined && (copy.hasLaterVersion || !isDeepStrictEqual(copy.entry, entry)),
        'untrue',
        `${execution}: the entry ${entry.action} differs from its copy`,
      ),
    ];
  });
}

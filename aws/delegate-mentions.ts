// Stores which delegates of an approval must still be mentioned. `votes.ts` adds the delegates who joined after the
// message was posted. Part of the approvals table; `mention-delegates.ts` calls it. A lease ensures that each delegate
// is mentioned once.
import type { ApprovalKey } from '../domain/approval.ts';
import type { ApprovalItems } from './approval-items.ts';
import type { Lease } from './lease.ts';

export interface DelegateMentions {
  /** Takes the lease to mention the delegate. Returns `done` if they need no mention any more. */
  leaseMention(key: ApprovalKey, delegate: string, now: Date): Promise<Lease>;
  /** Releases the lease. The caller must be sure that nothing was posted. */
  releaseMention(key: ApprovalKey): Promise<void>;
  /** Marks the delegate as mentioned, and releases the lease. */
  recordMention(key: ApprovalKey, delegate: string): Promise<void>;
}

/** Longer than the timeout of the reconciler, so that a lease does not expire while its holder runs. */
const MENTION_LEASE_MS = 55_000;

export function delegateMentions(items: ApprovalItems): DelegateMentions {
  return {
    leaseMention: (key, delegate, now) =>
      items.lease(
        key,
        {
          UpdateExpression: 'SET mentioningAt = :now',
          leasedAt: 'mentioningAt',
          unlessDone: '#status = :pending AND contains(delegatesToMention, :delegate)',
          isDone: ({ status, delegatesToMention }) =>
            status !== 'pending' || !delegatesToMention?.has(delegate),
          leaseOf: ({ mentioningAt }) => mentioningAt,
          durationMs: MENTION_LEASE_MS,
          ExpressionAttributeNames: { '#status': 'status' },
          values: { ':now': now.toISOString(), ':pending': 'pending', ':delegate': delegate },
        },
        now,
      ),

    async releaseMention(key) {
      await items.update(key, { UpdateExpression: 'REMOVE mentioningAt' });
    },

    async recordMention(key, delegate) {
      const change = { UpdateExpression: 'REMOVE mentioningAt DELETE delegatesToMention :delegates' };
      await items.update(key, change, { ':delegates': new Set([delegate]) });
    },
  };
}
